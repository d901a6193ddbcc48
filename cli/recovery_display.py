"""Show plans and results of recoveries to a person, and ask them."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from ..core.escaping import escape_terminal

if TYPE_CHECKING:
    from ..actions.recover import RecoveryPlan, RecoveryResult

_MODES = {
    "off": "recoveries are switched off",
    "suggest": "it is only suggested, by the settings",
    "ask": "a person has to agree",
    "auto": "errclass may do it by itself",
}


def render_plan(plan: RecoveryPlan, *, err: bool = False) -> None:
    """Print a plan."""
    if plan.recipe is None:
        click.echo("No recipe fits.", err=err)
    else:
        _say(f"{click.style(plan.recipe, bold=True)}: {plan.title}", err=err)
        _say(f"  effect {plan.effect}, about {plan.cost:g} s; {_MODES[plan.mode]}", err=err)
        for line in list_parts(plan):
            _say(f"  {escape_terminal(line)}", err=err)
    for one in plan.ruled_out:
        _say(f"  not {one.recipe}: {escape_terminal(one.detail)}", err=err)


def list_parts(plan: RecoveryPlan) -> list[str]:
    """Return what a plan touches, runs and checks, a line each; what it is made of may come from a log."""
    verbs = {"aside": "set aside", "copy": "back up"}
    lines = [f"{verbs[one.how]} {one.path}{'' if one.there else ' (not there)'}" for one in plan.touches]
    lines += [f"run: {shlex.join(step)}" for step in plan.steps]
    lines += [f"check: {shlex.join(check)}" for check in plan.check]
    lines += [f"way back: {shlex.join(call)}" for call in plan.back]
    return lines + [f"outside: {text}" for text in plan.outside]


def confirm_plan(plan: RecoveryPlan) -> bool:
    """Ask at a terminal; elsewhere nobody agrees."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    render_plan(plan, err=True)
    return click.confirm("Do it?", err=True)


def render_result(result: RecoveryResult) -> None:
    """Print a result."""
    recipe = f" by {result.strategy}" if result.strategy else ""
    reason = f" ({result.reason.replace('_', ' ')})" if result.reason else ""
    click.echo(f"{click.style(result.outcome, bold=True)}{recipe}{reason}")
    for action in result.actions:
        _say(f"  {escape_terminal(action)}")
    for name in ("fault", "backup", "not_covered", "failed_steps", "roll_back_faults", "output"):
        if name in result.details:
            _say(f"  {name.replace('_', ' ')}: {escape_terminal(str(result.details[name]))}")
    if result.restored:
        _say(f"  put back: {escape_terminal(', '.join(result.restored))}")


def _say(text: str, *, err: bool = False) -> None:
    click.echo(text, err=err)
