"""What happened in a span of time, counted so that two spans can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .reader import ask
from .store import Store
from .times import from_naive_utc, to_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEGINNING, END = datetime(1970, 1, 1), datetime(9999, 1, 1)  # noqa: DTZ001 - naive UTC, as stored
"""Bounds of windows that are open on one side."""


@dataclass(frozen=True, slots=True)
class Place:
    """Name a place where failures happen."""

    kind: str
    """``tool``, ``operation``, ``component`` or ``job``."""
    name: str


@dataclass(frozen=True, slots=True)
class Window:
    """Hold the counts of the outcomes that occurred in a span of time."""

    outcomes: int
    first: datetime | None
    """When the first of them occurred."""
    fingerprints: dict[str, int]
    """Fingerprint -> outcomes."""
    unseen: int
    """Outcomes whose fingerprint had not occurred before the window."""
    types: dict[str, int]
    """Type -> causes: as decided, else as labelled."""
    decided: int
    confidence: float | None
    """Mean over the decisions; None without any."""
    abstained: int
    """Decisions in doubt."""
    retried: int
    """Planned re-runs whose end is known."""
    retried_well: int
    judged: tuple[tuple[float, bool], ...]
    """One pair per decided cause that a person or an import labelled: its confidence, whether its type was right."""
    places: dict[Place, int]
    """Place -> outcomes."""

    @property
    def fingerprinted(self) -> int:
        """Outcomes that have a fingerprint."""
        return sum(self.fingerprints.values())


def read_window(store: Store, start: datetime | None, end: datetime | None) -> Window:
    """Count the outcomes from ``start`` on and before ``end``; None leaves that side open.

    The store must exist.
    """
    bounds = {
        "from_time": to_naive_utc(start) if start else BEGINNING,
        "to_time": to_naive_utc(end) if end else END,
    }
    with store.reading() as session:
        return _count(session, bounds)


def _count(session: DuckDBPyConnection, bounds: dict[str, datetime]) -> Window:
    fingerprints = ask(session, "window_fingerprints", bounds)
    (answers,), (size,) = ask(session, "window_answers", bounds), ask(session, "window_size", bounds)
    return Window(
        outcomes=size["outcomes"],
        first=from_naive_utc(size["first_at"]) if size["first_at"] else None,
        fingerprints={row["fingerprint"]: row["outcomes"] for row in fingerprints},
        unseen=sum(row["outcomes"] for row in fingerprints if not row["seen"]),
        types={row["type"]: row["causes"] for row in ask(session, "window_types", bounds)},
        decided=answers["decided"],
        confidence=answers["confidence"],
        abstained=answers["abstained"],
        retried=int(answers["retried"] or 0),
        retried_well=int(answers["retried_well"] or 0),
        judged=tuple((row["confidence"], bool(row["correct"])) for row in ask(session, "window_judged", bounds)),
        places={Place(row["kind"], row["name"]): row["outcomes"] for row in ask(session, "window_places", bounds)},
    )
