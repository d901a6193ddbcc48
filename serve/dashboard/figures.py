"""Figures of the store, read for the window of a question."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ...outcomes import FigureReader, Store, open_figures
from ...reports import Period
from ...reports.summary.reading import choose_slot
from .question import Question

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """Read figures of one window."""

    reader: FigureReader
    period: Period

    @property
    def slot(self) -> int:
        """The length of a slot of time in seconds."""
        return choose_slot(int(self.period.length.total_seconds()))

    @property
    def slots(self) -> int:
        """How many there are."""
        return math.ceil(self.period.length.total_seconds() / self.slot)

    def read(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        return self.reader.read(name, self.period.since, self.period.until, **parameters)

    def read_slots(self, name: str) -> list[dict[str, Any] | None]:
        """Return a row for each slot of the window, oldest first; None for one without any."""
        found = {row["slot"]: row for row in self.read(name, seconds=self.slot)}
        return [found.get(number) for number in range(self.slots)]


@contextmanager
def open_window(store: Store, question: Question, *names: str) -> Iterator[WindowFigures]:
    """Yield what reads the named queries; raise StoreError where the store cannot be read."""
    with open_figures(store, *names, filters=question.chosen) as reader:
        yield WindowFigures(reader, question.now())


def group_rows(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows by their dimension."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["dimension"], []).append(row)
    return groups
