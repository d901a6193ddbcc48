"""What reading a file of past failures yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ...core.types import Context

SHOWN_PLACES = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one past failure as the file gives it: not masked, its label not checked against any taxonomy."""

    text: str
    """At most 1 MB."""
    place: str
    """Where it stands: ``line 12``, ``row 12``, ``testcase 3`` or a file's path inside the folder."""
    label: str | None = None
    retryable: bool | None = None
    success: bool | None = None
    time: datetime | None = None
    tool: str | None = None
    exit_code: int | None = None
    context: Context = field(default_factory=Context)


class Skipped:
    """Count the rows that could not be used, by reason, with their first places."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.places: dict[str, list[str]] = {}

    def add(self, reason: str, place: str) -> None:
        """Count one row."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        shown = self.places.setdefault(reason, [])
        if len(shown) < SHOWN_PLACES:
            shown.append(place)

    @property
    def total(self) -> int:
        """All rows skipped."""
        return sum(self.counts.values())

    def describe(self) -> list[str]:
        """Return one sentence per reason, most frequent first."""
        ordered = sorted(self.counts, key=lambda reason: -self.counts[reason])
        return [f"{self.counts[reason]} skipped: {reason} ({self._list_places(reason)})" for reason in ordered]

    def to_dict(self) -> dict[str, Any]:
        """Return counts and first places by reason, JSON-ready."""
        return {reason: {"count": count, "first": list(self.places[reason])} for reason, count in self.counts.items()}

    def _list_places(self, reason: str) -> str:
        more = ", ..." if self.counts[reason] > len(self.places[reason]) else ""
        return ", ".join(self.places[reason]) + more


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """Hold one file or folder being read; ``skipped`` is complete once ``rows`` is used up."""

    path: Path
    rows: Iterator[Row]
    skipped: Skipped
    columns: Mapping[str, str] = field(default_factory=dict)
    """Which column of the file was taken for which field."""
