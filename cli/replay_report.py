"""Print what other rules would have changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ..core.escaping import escape_terminal
from .output import print_table

MOST_CAUSES = 10
_NAMES = {"retry": "retries", "recover": "recoveries"}

Row = tuple[str, object]


def render(report: dict[str, Any]) -> None:
    """Print what was replayed, the matrix of actions, the figures, and the causes that changed most."""
    click.echo(escape_terminal(_describe_scope(report)))
    if not report["decisions"]["replayed"]:
        return
    _render_matrix(report["matrix"])
    print_table("", ("", "decisions"), _list_counts(report))
    _render_reruns(report)
    _render_causes(report["causes"])


def _describe_scope(report: dict[str, Any]) -> str:
    decisions = report["decisions"]
    by = f"rules {report['rules']}" + (f", model {report['model']}" if report["model"] else "")
    since = report["start"][:10]
    parts = [f"{decisions['replayed']} of {decisions['stored']} decisions since {since} decided anew by {by}"]
    if decisions["not_decidable"]:
        facts = ", ".join(decisions["lacking"])
        parts.append(f"{decisions['not_decidable']} not decidable, for these facts were not kept then: {facts}")
    if decisions["unreadable"]:
        parts.append(f"{decisions['unreadable']} unreadable")
    if report["never_decided"]:
        parts.append(f"{report['never_decided']} more failures were never decided")
    return "; ".join(parts) + "."


def _render_matrix(cells: list[dict[str, Any]]) -> None:
    """Print a row per action before and a column per action after."""
    counts = {(cell["before"], cell["after"]): cell["decisions"] for cell in cells}
    actions = sorted({action for pair in counts for action in pair})
    rows = ([before, *(counts.get((before, after), 0) for after in actions)] for before in actions)
    print_table("Before (rows) and after (columns)", ("", *actions), rows)


def _list_counts(report: dict[str, Any]) -> Iterator[Row]:
    share = 100 * report["changed"] / report["decisions"]["replayed"]
    yield f"changed ({share:.1f} %)", report["changed"]
    for field, count in report["changed_fields"].items():
        yield f"  in {field}", count
    yield "newly automatic", report["automatic"]["newly"]
    for action, count in report["automatic"]["actions"].items():
        yield f"  {action}", count
    yield "no longer automatic", report["automatic"]["no_longer"]
    yield "people asked before", report["people_asked"]["before"]
    yield "people asked after", report["people_asked"]["after"]
    yield "calls allowed before", report["calls_allowed"]["before"]
    yield "calls allowed after", report["calls_allowed"]["after"]


def _render_reruns(report: dict[str, Any]) -> None:
    added, saved = ([(name, report["reruns"][name][side]) for name in _NAMES] for side in ("added", "saved"))
    rows = [(f"{_NAMES[name]} added", one["decisions"], _tell(one["minutes"]), _tell_added(one)) for name, one in added]
    rows += [
        (f"{_NAMES[name]} saved", one["decisions"], _tell_span(one["minutes"], one["minutes_high"]), _tell_saved(one))
        for name, one in saved
    ]
    print_table("Calls of the operation", ("", "calls", "minutes", "what is known"), (row for row in rows if row[1]))
    _render_money(report["money"])


def _render_money(money: dict[str, float | None]) -> None:
    """Print what the calls cost, where somebody said what a minute costs and a call was timed."""
    if any(each is not None for each in money.values()):
        saved = _tell_span(money["saved"], money["saved_high"], digits=2)
        click.echo(f"Cost: {_tell(money['added'], digits=2)} more and {saved} less.\n")


def _tell(number: float | None, digits: int = 1) -> str:
    return "not known" if number is None else f"{number:.{digits}f}"


def _tell_span(low: float | None, high: float | None, digits: int = 1) -> str:
    """Say what lies between what is seen and what is only possible."""
    if low is not None and high is None:
        return f"at least {_tell(low, digits)}"
    return _tell(low, digits) if low == high else f"{_tell(low, digits)} to {_tell(high, digits)}"


def _tell_added(one: dict[str, Any]) -> str:
    bounds = f"{one['successes_low']:g} to {one['successes_high']:g}"
    if not one["observed"]:
        return f"not observed; {bounds} would succeed"
    told = f"about {one['expected_successes']:g} of {one['observed']} would succeed"
    unseen = f", {one['not_observed']} not observed" if one["not_observed"] else ""
    return f"{told}{unseen}; {bounds} in all"


def _tell_saved(one: dict[str, Any]) -> str:
    lost, unseen = one["lost_successes"], one["not_observed"]
    if not one["observed"]:
        return f"not observed; 0 to {unseen} would have succeeded"
    bounds = f"; {lost} to {lost + unseen} in all, for the end of {unseen} is not known" if unseen else ""
    return f"{lost} of {one['observed']} really succeeded, and would be lost{bounds}"


def _render_causes(causes: list[dict[str, Any]]) -> None:
    if not causes:
        return
    columns = ("fingerprint", "type", "decisions", "changed", "mostly", "new action")
    rows = (
        (one["fingerprint"], one["type"], one["decisions"], one["changed"], next(iter(one["changes"])), _tell_new(one))
        for one in causes[:MOST_CAUSES]
    )
    print_table("What changes most", columns, rows)


def _tell_new(cause: dict[str, Any]) -> str:
    """Say what is known of the new action that this cause gets most often."""
    if not cause["added"]:
        return "-"
    first = cause["added"][0]
    if first["chance"] is None:
        return f"{first['action']}: not observed (0 to {first['decisions']})"
    chance = first["chance"]
    return f"{first['action']}: {100 * chance['mean']:.0f} % (n = {chance['tries']})"
