"""How a metric goes over time, in slots of one length."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ...core.durations import parse_duration
from ...core.errors import UsageError
from ...core.jsonable import to_jsonable
from ...core.suggesting import join_names, suggest_name
from ...outcomes import FigureReader
from ..period import Period
from ..report_type import Question
from ..summary.reading import choose_slot, find_mean_recovery
from .reading import divide, find_availability, find_mtbf, has_calls
from .share import Share

MOST_POINTS: Final = 1000
SLOT_QUERIES: Final = ("operation_slots", "recovery_slots")


@dataclass(frozen=True, slots=True)
class Point:
    """Hold a metric in one slot; None where nothing is known of it."""

    start: datetime
    value: float | None
    count: int
    """How many calls or incidents it rests on."""
    low: float | None = None
    """Ends of Wilson's interval of 95 %, of a share of calls."""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """Hold the points of a metric, oldest first; the last slot may be cut short by the end of the window."""

    metric: str
    unit: str
    """``share``, ``seconds``, or nothing for counts."""
    since: datetime
    until: datetime
    slot_seconds: int
    points: tuple[Point, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        found: dict[str, Any] = to_jsonable(self)
        return found


Row = Mapping[str, Any]
_Values = tuple[float | None, int, float | None, float | None]


@dataclass(frozen=True, slots=True)
class _Metric:
    """Say how a metric is made of a row of ``query``."""

    unit: str
    read: Callable[[Row], _Values]
    query: str = "operation_slots"


def _count(name: str) -> _Metric:
    return _Metric("", lambda row: (row[name], row[name], None, None))


def _share(count: Callable[[Row], int]) -> _Metric:
    def read(row: Row) -> _Values:
        share = Share.of(count(row), row["calls"])
        return share.value, share.total, share.low, share.high

    return _Metric("share", read)


METRICS: Final[Mapping[str, _Metric]] = {
    "availability": _Metric("share", lambda row: (find_availability(row), row["incidents"], None, None)),
    "calls": _count("calls"),
    "failure_rate": _share(lambda row: row["failures"]),
    "failures": _count("failures"),
    "incidents": _count("incidents"),
    "mean_duration": _Metric(
        "seconds", lambda row: (divide(row["seconds"], row["timed_calls"]), row["timed_calls"], None, None)
    ),
    "mtbf": _Metric("seconds", lambda row: (find_mtbf(row), row["incidents"], None, None)),
    "mttr": _Metric("seconds", lambda row: (find_mean_recovery(row), row["incidents"], None, None), "recovery_slots"),
    "retries": _count("retries"),
    "retry_rate": _share(lambda row: row["retries"]),
    "success_rate": _share(lambda row: row["calls"] - row["failures"]),
}  # fmt: skip
"""Name -> how it is read."""


def find_query(metric: str) -> str:
    """Return the query that a metric is read from; raise UsageError for an unknown one."""
    if metric not in METRICS:
        raise UsageError(
            f"no metric is called {metric!r}{suggest_name(metric, METRICS)}; there are {join_names(METRICS)}"
        )
    return METRICS[metric].query


def find_slot(period: Period, slot: str | None) -> int:
    """Return the length of a slot in seconds: as asked for, or so that there are 48 at most.

    Raises UsageError for what is no span of time, and for more than 1,000 slots.
    """
    length = int(period.length.total_seconds())
    if slot is None:
        return choose_slot(length)
    seconds = int(parse_duration(slot).total_seconds())
    if math.ceil(length / seconds) > MOST_POINTS:
        raise UsageError(f"a slot of {slot} makes more than {MOST_POINTS} of this window; take a longer one")
    return seconds


def read_all_series(
    reader: FigureReader, question: Question, metrics: tuple[str, ...], slot_seconds: int
) -> tuple[MetricSeries, ...]:
    """Return metrics over a window, with each query asked once.

    Raises UsageError where one is of calls, and what these do not have is filtered by.
    """
    queries = {find_query(metric) for metric in metrics}
    if "operation_slots" in queries and not has_calls(question):
        raise UsageError("calls have neither type nor severity to be filtered by; of such a filter only mttr is known")
    rows = {name: _read_slots(reader, question.period, name, slot_seconds) for name in sorted(queries)}
    return tuple(_make_series(metric, question.period, slot_seconds, rows[find_query(metric)]) for metric in metrics)


def _read_slots(reader: FigureReader, period: Period, query: str, seconds: int) -> dict[int, Row]:
    return {row["slot"]: row for row in reader.read(query, period.since, period.until, seconds=seconds)}


def _make_series(metric: str, period: Period, seconds: int, rows: Mapping[int, Row]) -> MetricSeries:
    known = METRICS[metric]
    slots = math.ceil(period.length.total_seconds() / seconds)
    points = tuple(
        Point(period.since + timedelta(seconds=number * seconds), *_read(known, rows.get(number)))
        for number in range(slots)
    )
    return MetricSeries(metric, known.unit, period.since, period.until, seconds, points)


def _read(metric: _Metric, row: Row | None) -> _Values:
    return (None, 0, None, None) if row is None else metric.read(row)
