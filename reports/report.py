"""A report, before it takes on a format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core.frozen import FrozenDict
from ..core.jsonable import to_jsonable
from .failure_rows import list_failures
from .period import Period
from .sections import Section


@dataclass(frozen=True, slots=True)
class ReportBody:
    """Hold what the maker of a report type returns."""

    data: Any
    """A frozen dataclass: what ``json`` shows, described by the schema of the type."""
    sections: tuple[Section, ...]
    record_count: int
    """How many failures it is about."""


@dataclass(frozen=True, slots=True)
class Report:
    """Hold a report."""

    id: str
    """Follows from the type, the window, the filters and the time: the same report has the same id."""
    type: str
    title: str
    period: Period
    generated_at: datetime
    body: ReportBody
    filters: Mapping[str, tuple[str, ...]] = FrozenDict()
    failures: tuple[Mapping[str, Any], ...] | None = None
    """The failures themselves, newest first, where they were asked for."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """What formats for people show: the sections of the type, and the failures where they were asked for."""
        if self.failures is None:
            return self.body.sections
        return (*self.body.sections, Section("Failures", tables=(list_failures(self.failures),)))

    def to_dict(self) -> dict[str, Any]:
        """Return the document that ``json`` shows."""
        document = {
            "id": self.id,
            "type": self.type,
            "generated_at": self.generated_at,
            "since": self.period.since,
            "until": self.period.until,
            "filters": self.filters,
            "record_count": self.body.record_count,
            "data": self.body.data,
        }
        if self.failures is not None:
            document["failures"] = self.failures
        found: dict[str, Any] = to_jsonable(document)
        return found
