"""``errclass recover``: the recipes, what they would do about a failed log, and doing it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .options import context_option, format_option, open_input, parse_context, read_settings, tell_faults
from .output import print_json, print_table
from .recovery_display import confirm_plan, render_plan, render_result

if TYPE_CHECKING:
    from ..system.recovering import RecoveryWish
    from ..system.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def _wish_options(command: F) -> F:
    """Add what a log cannot tell: where to work, and which service is meant."""
    options = (
        click.option(
            "--work",
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            default=Path(),
            help="Folder to work in.  [default: this one]",
        ),
        click.option("--service", metavar="UNIT", help="Unit of systemd that may be restarted."),
        click.option("--deployment", metavar="KIND/NAME", help="Workload of Kubernetes that may be restarted."),
        click.option("--namespace", metavar="NAME", help="Its namespace."),
    )
    for option in options:
        command = option(command)
    return command


@click.group(name="recover")
def recover_group() -> None:
    """List recovery recipes, show what one would do about a failed log, and do it.

    \b
    Examples:
      errclass recover list
      errclass recover plan build.log
      errclass recover run build.log --yes
    """


@recover_group.command(name="list")
@click.option("--type", "kind", metavar="TYPE", help="Only those for this type of failure.")
@format_option
def list_command(kind: str | None, form: str) -> None:
    """List the recipes: the shipped ones, and those of the folders that the settings name.

    \b
    Examples:
      errclass recover list
      errclass recover list --type dependency --format json
    """
    from ..actions.recover import load_recipes

    recipes = [one for one in load_recipes(read_settings().recipe_folders) if kind is None or kind in one.fits.types]
    if form == "json":
        print_json(recipes)
        return
    columns = ("recipe", "types", "effect", "autonomy", "title")
    print_table("", columns, ((r.name, ", ".join(r.fits.types), r.effect, r.autonomy, r.title) for r in recipes))


@recover_group.command(name="plan")
@click.argument("file", default="-")
@_wish_options
@context_option
@format_option
def plan_command(file: str, context: tuple[str, ...], form: str, **where: Any) -> None:
    """Show exactly what would be done about the failed log in FILE (or on standard input); nothing is changed.

    \b
    Examples:
      errclass recover plan build.log
      errclass recover plan build.log --context environment=production --format json
    """
    from ..system.recovering import plan_recovery

    settings = read_settings()
    plan = plan_recovery(settings, _make_wish(file, context, settings, where))
    print_json(plan) if form == "json" else render_plan(plan)


@recover_group.command(name="run")
@click.argument("file", default="-")
@click.option("--yes", is_flag=True, help="Agree to what the plan says.")
@click.option(
    "--autonomy",
    type=click.Choice(["suggest", "ask", "auto"]),
    help="How far to go by itself.  [default: recovery.autonomy of the settings]",
)
@_wish_options
@context_option
@format_option
def run_command(file: str, yes: bool, autonomy: Any, context: tuple[str, ...], form: str, **where: Any) -> None:
    """Recover from the failed log in FILE (or on standard input): carry out the recipe that fits best.

    At a terminal it shows the plan and asks; elsewhere nothing is done without --yes or --autonomy auto. It exits with
    1 where nothing was done or it did not help; then all that the plan names as touched is as it was.

    \b
    Examples:
      errclass recover run build.log
      errclass recover run build.log --yes --work app/
    """
    from ..system.recovering import recover

    settings = read_settings()
    wish = _make_wish(file, context, settings, where)
    ask = (lambda plan: True) if yes else confirm_plan
    result = recover(settings, wish, mode=autonomy, ask=ask)
    print_json(result) if form == "json" else render_result(result)
    if result.outcome not in {"success", "partial"}:
        sys.exit(1)


def _make_wish(file: str, pairs: tuple[str, ...], settings: Settings, where: dict[str, Any]) -> RecoveryWish:
    from ..classify.condensing import condense_log
    from ..system.pipeline import answer_failure
    from ..system.recovering import RecoveryWish
    from ..system.wiring import build_parts

    given = parse_context(pairs, settings)
    with open_input(file) as stream:
        failure = condense_log(stream, context=given)
    parts = build_parts(settings)
    tell_faults(parts.faults)
    answer = answer_failure(failure, parts)
    return RecoveryWish(answer.decision, tool=answer.signals.tool, **where)
