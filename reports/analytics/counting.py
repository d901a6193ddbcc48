"""Failures by what they are and where they happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..intervals import share_interval
from .data import Attribute, Count
from .look import Look, Row, tidy

MOST_VALUES: Final = 50
DIMENSIONS: Final = ("type", "category", "severity", "environment", "component", "tool", "repository", "branch")


def read_attributes(look: Look, total: int) -> dict[str, Attribute]:
    """Return the counts by each dimension."""
    rows = look.read("attribute_counts", size=MOST_VALUES)
    return {name: _describe([row for row in rows if row["dimension"] == name], total) for name in DIMENSIONS}


def make_count(value: str | None, count: int, total: int) -> Count:
    """Return a count with its share."""
    low, high = share_interval(count, total)
    return Count(value, count, tidy(count / total), tidy(low or 0.0), tidy(1.0 if high is None else high))


def sum_by(rows: Iterable[Row], name: str) -> dict[str | None, int]:
    """Return the failures by one column, most first."""
    found: dict[str | None, int] = {}
    for row in rows:
        found[row[name]] = found.get(row[name], 0) + row["failures"]
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0] or "")))


def _describe(rows: Sequence[Row], total: int) -> Attribute:
    counts = tuple(make_count(row["value"], row["failures"], total) for row in rows)
    return Attribute(rows[0]["known_values"] if rows else 0, counts)
