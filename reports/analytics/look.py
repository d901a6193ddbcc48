"""One look at the store for an analysis: the window, and what is known of the time before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ...outcomes import FigureReader, Filters, from_naive_utc
from ..known_span import find_known_from
from ..period import Period
from ..report_type import Question
from .statistics.slots import HOUR, Slots, lay_slots

HISTORY: Final = timedelta(days=28)
"""What is usual is learnt from so long before the window, as far as the store knows it."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what an analysis reads from."""

    reader: FigureReader
    period: Period
    filters: Filters
    known_from: datetime | None
    """The first moment of which the store knows anything."""

    @classmethod
    def open(cls, reader: FigureReader, question: Question) -> Look:
        """Return the look for a question."""
        return cls(reader, question.period, question.filters, find_known_from(reader, question.period))

    @property
    def since(self) -> datetime:
        """When the known part of the window begins."""
        return min(max(self.period.since, self.known_from or self.period.until), self.period.until)

    @property
    def window(self) -> Period:
        """The known part of the window."""
        return self.span(self.since)

    @property
    def history(self) -> Period:
        """The known part of the time before the window, 28 days at most; without length where there is none."""
        start = max(self.period.since - HISTORY, self.known_from or self.period.since)
        return Period(min(start, self.period.since), self.period.since)

    def span(self, since: datetime) -> Period:
        """Return the time from a moment to the end of the window."""
        return Period(since, self.period.until)

    def read(self, name: str, period: Period | None = None, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query for the window, or another span."""
        span = period or self.period
        return self.reader.read(name, span.since, span.until, **parameters)

    def read_hours(self, span: Period) -> Slots:
        """Return the failures of a span by the hour of the clock."""
        first = span.since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        rows = self.read("hour_counts", span)
        counts = {round((from_naive_utc(row["hour"]) - first) / HOUR): row["failures"] for row in rows}
        return lay_slots(counts, first, span.since, span.until)


def tidy(value: float) -> float:
    """Return six digits of a number: the last ones of a sum depend on the order of its parts."""
    return float(f"{value:.6g}")
