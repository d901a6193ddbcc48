"""``errclass rules suggest``: rules that labelled history asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from .options import format_option, read_settings
from .output import print_json, print_table, show_progress, write_scalar
from .rule_options import rules_option

_COLUMNS = ("rule", "when", "says", "older half", "newer half", "at least", "mends", "of all wrong", "made wrong")


@click.command(name="suggest")
@click.option("--since", default="90d", show_default=True, help="How far back history is looked at.")
@click.option(
    "--minimum-causes",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Fewest causes that a rule mends, in each half of history.",
)
@click.option(
    "--precision",
    type=click.FloatRange(min=0.5, max=1.0),
    default=0.95,
    show_default=True,
    help="Least share of the causes on which a rule is right, in each half.",
)
@rules_option
@click.option("--out", type=click.Path(path_type=Path), help="Write the rules into this new folder.")
@click.option("--force", is_flag=True, help="Write also into a folder that holds files.")
@format_option
def suggest_command(
    since: str,
    minimum_causes: int,
    precision: float,
    folders: tuple[Path, ...],
    out: Path | None,
    force: bool,
    form: str,
) -> None:
    """Suggest rules for failures that were labelled otherwise than they are answered.

    Conditions are found on the older half of the labelled causes, and have to hold on the newer. --out writes them as
    rule files to be read, tried with --rules, and kept or deleted; nothing is put into use.

    \b
    Example:
      errclass rules suggest --since 90d --out suggested-rules/
    """
    from ..system.jobs.suggesting_rules import Target, suggest_rules
    from ..system.jobs.suggestion.limits import Limits

    if force and out is None:
        raise UsageError("--force goes with --out DIR, which says where to write")
    target = None if out is None else Target(out, force)
    with show_progress() as progress:
        limits = Limits(minimum_causes, precision)
        report = suggest_rules(read_settings(), since, limits=limits, folders=folders, target=target, progress=progress)
    if form == "json":
        print_json(report)
    else:
        _render(report, out)


def _render(report: dict[str, Any], out: Path | None) -> None:
    for remark in _list_remarks(report["history"]):
        click.echo(f"errclass: {escape_terminal(remark)}", err=True)
    if report["reason"]:
        click.echo(f"errclass: nothing to suggest: {report['reason']}", err=True)
        return
    causes = " and ".join(str(half["causes"]) for half in report["halves"])
    print_table(
        f"Right and wrong on labelled causes, {causes} in the halves", _COLUMNS, map(_to_row, report["suggestions"])
    )
    if out is not None:
        click.echo(
            f"errclass: rules written to {escape_terminal(str(out))}: {len(report['written'])}; read them before use",
            err=True,
        )


def _list_remarks(history: dict[str, Any]) -> Iterator[str]:
    if history["unreadable"]:
        yield f"the facts of {history['unreadable']} decisions cannot be read and are left out"
    if history["foreign_types"]:
        yield f"labels that are no types of the model in use are left out: {', '.join(history['foreign_types'])}"
    if history["other_models"]:
        yield f"{history['other_models']} decisions are of models that are no longer in use"


def _to_row(suggestion: dict[str, Any]) -> tuple[object, ...]:
    older, newer = suggestion["older"], suggestion["newer"]
    return (
        suggestion["rule"],
        ", ".join(f"{fact}: {_show(test)}" for fact, test in suggestion["when"].items()),
        ", ".join(f"{fact}: {_show(value)}" for fact, value in suggestion["then"].items()),
        f"{older['right']} / {older['wrong']}",
        f"{newer['right']} / {newer['wrong']}",
        f"{100 * suggestion['at_least']:.0f} %",
        older["right"] + newer["right"],
        f"{100 * suggestion['coverage']:.0f} %",
        older["made_wrong"] + newer["made_wrong"],
    )


def _show(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{operator} {operand}" for operator, operand in value.items())
    return write_scalar(value)
