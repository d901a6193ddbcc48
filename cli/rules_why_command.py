"""``errclass rules why``: how one decision came about, and what would have changed it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import UsageError
from .grounds_display import render
from .options import context_option, format_option, open_input, parse_context, read_settings, tell_faults
from .output import print_json
from .rule_options import load_policy_of, rules_option

if TYPE_CHECKING:
    from ..rules import Policy
    from ..system.grounds import Grounds
    from ..system.settings import Settings

_MOST_SHOWN = 10


@click.command(name="why")
@click.argument("what", metavar="FILE|ID")
@click.option(
    "--all", "everything", is_flag=True, help=f"All rules that nearly fired, and all changes, not just {_MOST_SHOWN}."
)
@context_option
@rules_option
@format_option
def why_command(what: str, everything: bool, context: tuple[str, ...], folders: tuple[Path, ...], form: str) -> None:
    """Show how a decision came about: each rule that fired, those that nearly did, and what would have changed it.

    FILE is a log (- for standard input), decided now by the model and the rules in use, as `errclass explain` does. An
    ID is that of a stored decision or outcome: shown as it was made, with the rules in use for what would change it.

    \b
    Examples:
      errclass rules why build.log --context attempt=2
      errclass rules why build.log --rules our-rules/
      errclass rules why 01998a7e-6c1f-7d3e-9d0a-2f6f0c1b7a55 --all
    """
    from ..system.grounds import explain_grounds

    settings = read_settings()
    if what == "-" or Path(what).exists():
        grounds, policy = _decide(what, context, folders, settings)
    else:
        grounds, policy = _recall(what, context, folders, settings)
    report = explain_grounds(grounds, policy)
    if not everything:
        report |= {name: report[name][:_MOST_SHOWN] for name in ("near_misses", "flips")}
    print_json(report) if form == "json" else render(report)


def _decide(
    name: str, context: tuple[str, ...], folders: tuple[Path, ...], settings: Settings
) -> tuple[Grounds, Policy]:
    from ..classify.condensing import condense_log
    from ..system.grounds import take_grounds
    from ..system.pipeline import answer_failure
    from ..system.rules_in_use import build_engine
    from ..system.wiring import build_parts

    parts = build_parts(settings)
    if folders:
        engine = build_engine(load_policy_of(folders, settings))
        parts = replace(parts, engine=engine, faults=(), held_back=False)
    tell_faults(parts.faults)
    given = parse_context(context, settings)
    with open_input(name) as stream:
        answer = answer_failure(condense_log(stream, context=given), parts)
    return take_grounds(answer, parts.engine), parts.engine.policy


def _recall(
    identifier: str, context: tuple[str, ...], folders: tuple[Path, ...], settings: Settings
) -> tuple[Grounds, Policy]:
    from ..system.grounds import find_grounds
    from ..system.wiring import open_store

    with open_store(settings) as store:
        grounds = find_grounds(store, identifier)
    if context:
        raise UsageError(f"--context {context[0]}: a stored decision has its context; give a log to decide anew")
    return grounds, load_policy_of(folders, settings)
