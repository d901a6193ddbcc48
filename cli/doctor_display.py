"""One page for people: the checks by group, each fault with what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby

import click

from ..core.escaping import escape_terminal
from ..system.checks.check import Check, Status
from ..system.checks.diagnosis import Diagnosis

_COLOURS: dict[Status, str] = {"ok": "green", "warning": "yellow", "problem": "red", "off": "bright_black"}
_WIDTH = 118
_STATUS = " " * 10
"""Where the status stands."""
_TEXT = " " * 23


def render_diagnosis(diagnosis: Diagnosis) -> None:
    """Print all that was found on standard output."""
    for group, found in groupby(diagnosis.found, key=lambda one: one[0].group):
        click.secho(group, bold=True)
        for _, check in found:
            click.echo("\n".join(_list_lines(check)))
    problems, warnings = diagnosis.count("problem"), diagnosis.count("warning")
    click.echo(f"\n{_count(problems, 'problem')}, {_count(warnings, 'warning')}")


def _list_lines(check: Check) -> Iterator[str]:
    first, *rest = _wrap(f"{check.name:<12} {check.message}", _STATUS, _TEXT)
    yield f"  {click.style(check.status, fg=_COLOURS[check.status])}{first[2 + len(check.status) :]}"
    yield from rest
    if check.status in ("warning", "problem"):
        yield from _wrap(check.advice, f"{_TEXT}-> ", f"{_TEXT}   ")


def _wrap(text: str, first: str, others: str) -> list[str]:
    lines = textwrap.wrap(
        escape_terminal(text), _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )
    return [escape_terminal(line) for line in lines]  # again: where a line begins is decided only here


def _count(number: int, name: str) -> str:
    return f"{number or 'no'} {name}" + ("" if number == 1 else "s")
