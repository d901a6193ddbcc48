"""The grounds of a decision on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from ..core.escaping import escape_terminal
from ..rules.describing import describe_facts, describe_value

_INDENT = "    "


def render(report: Mapping[str, Any]) -> None:
    """Print what ``explain_grounds`` returns: decision, chain, near misses, and what would change it."""
    decision = report["decision"]
    click.echo(click.style(_clean(decision["type"]), bold=True) + ": " + _clean(_sum_up(decision)))
    for line in _describe_origin(report):
        click.echo(_clean(line))
    _section("From the evidence to the action", (line for link in report["chain"] for line in _list_link(link)))
    _section("Besides the rules", report["besides_the_rules"])
    _section("What nearly fired", (line for miss in report["near_misses"] for line in _list_miss(miss)))
    _section("What would change it", map(_describe_flip, report["flips"]))
    _section("Facts", (f"{name} = {describe_value(value)}" for name, value in report["facts"].items()))


def _sum_up(decision: Mapping[str, Any]) -> str:
    plan = decision["plan"]
    how = plan["recipe"] or plan["target"]
    strategy = decision["strategy"] + (f" ({how})" if how else "")
    helps = "a re-run may help" if decision["retryable"] else "a re-run does not help"
    doubt = f", unsure ({decision['abstained']})" if decision["abstained"] else ""
    sure = f"confidence {100 * decision['confidence']:.0f} %{doubt}"
    return f"{strategy}; severity {decision['severity']}, {helps}, {sure}"


def _describe_origin(report: Mapping[str, Any]) -> Iterator[str]:
    if report["outcome_id"]:
        yield f"Stored as {report['outcome_id']}, decided by the rules {report['rules_revision']}."
    if not report["same_rules"]:
        yield (
            f"The rules in use are others ({report['rules_in_use']}): they decide "
            f"{describe_facts(report['by_rules_in_use'])}."
        )
        yield "What fired is shown as it was; what nearly fired and what would change it, as the rules in use see it."
    if report["outcome_id"] and not report["chain"]:
        yield "No rule that fired was kept with it."


def _list_link(link: Mapping[str, Any]) -> Iterator[str]:
    yield f"{link['rule']}: {link['because']}"
    if link["used"]:
        yield f"{_INDENT}from {describe_facts(link['used'])}"
    if link["sets"]:
        yield f"{_INDENT}sets {describe_facts(link['sets'])}"
    for name, lost in link["overridden"].items():
        by = f"set before by {lost['by']}" if lost["by"] else "given"
        yield f"{_INDENT}overridden: {name} = {describe_value(lost['value'])} ({by})"


def _list_miss(miss: Mapping[str, Any]) -> Iterator[str]:
    asked = f"asks that {miss['missed']}" if miss["missed"] else f"not where {miss['vetoed_by']}"
    found = f"; {describe_facts(miss['found'])}" if miss["found"] else ""
    yield f"{miss['rule']}: {miss['title']}"
    yield f"{_INDENT}{asked}{found}"
    if miss["changes"]:
        yield f"{_INDENT}it would have been: {describe_facts(miss['changes'])}"


def _describe_flip(flip: Mapping[str, Any]) -> str:
    after = " or ".join(describe_value(value) for value in flip["after"])
    also = f" (with {', '.join(flip['together'])})" if flip["together"] else ""
    condition = f"if {flip['fact']}{also} were {after} instead of {describe_value(flip['before'])}"
    return f"{condition}: {describe_facts(flip['changes'])} ({_name_rule(flip)})"


def _name_rule(flip: Mapping[str, Any]) -> str:
    shown = flip["fires"] or flip["otherwise"]
    return str(shown[0]) if shown else f"without {flip['silent'][0]}"


def _section(title: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        click.echo("\n" + click.style(title, bold=True))
    for line in found:
        click.echo(f"  {_clean(line)}")


def _clean(text: str) -> str:
    """Return text for one line of the terminal."""
    return escape_terminal(" ".join(text.split("\n")))
