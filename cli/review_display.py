"""How a cause looks to the person who reviews it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from ..core.escaping import escape_terminal

if TYPE_CHECKING:
    from ..outcomes import ReviewItem

_WORTH_NAMING = 0.05
HELP = "enter = as decided, r = whether a re-run helps, s = skip, u = undo the last answer, q = quit, ? = this"
_SAID = {None: "not said", True: "yes", False: "no"}


def show_item(item: ReviewItem, place: str, keys: Mapping[str, str]) -> None:
    """Print a cause and the keys that answer; ``place`` says which one it is."""
    click.echo("\n" + click.style(place, bold=True) + f"  {_when(item)}, for example {escape_terminal(item.id)}")
    click.echo(escape_terminal(f"decided: {_decided(item)}"))
    click.echo(escape_terminal(f"asked because: {'; '.join(item.reasons)}"))
    for line in _excerpt(item):
        click.echo(escape_terminal(line))
    click.echo("  ".join(f"{click.style(key, bold=True)} {escape_terminal(name)}" for key, name in keys.items()))
    click.echo(HELP)


def show_retryable(said: bool | None) -> None:
    """Print whether a re-run helps, as said so far."""
    click.echo(f"a re-run helps: {_SAID[said]}")


def _when(item: ReviewItem) -> str:
    first, last = item.first_seen.date().isoformat(), item.last_seen.date().isoformat()
    days = first if first == last else f"{first} to {last}"
    return f"seen {item.count} time{'s' if item.count != 1 else ''}, {days}"


def _decided(item: ReviewItem) -> str:
    if item.type is None:
        return "nothing"
    helps = "" if item.retryable is None else f", a re-run {'helps' if item.retryable else 'does not help'}"
    sure = "" if item.confidence is None else f" ({100 * item.confidence:.0f} %)"
    others = [one for one in item.alternatives if one.probability >= _WORTH_NAMING]
    named = ", ".join(f"{one.type} {100 * one.probability:.0f} %" for one in others)
    return f"{item.type}{sure}{helps}" + (f"; otherwise {named}" if named else "")


def _excerpt(item: ReviewItem) -> Iterator[str]:
    evidence = {line.strip() for line in item.evidence}
    for line in item.excerpt.split("\n"):
        yield f"  {'>' if line.strip() in evidence else '|'} {line}"
