"""Read how well operations work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from ...core.frozen import FrozenDict
from ...outcomes import FigureReader
from ..known_span import find_known_from
from ..report_type import Question
from ..summary.reading import describe_recovery, round_seconds
from .metrics import CurrentMetrics, Metrics, TypeMetrics
from .share import Share, round_share

QUERIES: Final = ("failure_counts", "known_span", "open_incidents", "operation_groups", "recovery_times")
UNDECIDED, UNNAMED = "undecided", "unnamed"
"""What stands for no type, and for no environment, component or operation."""

Row = Mapping[str, Any]
_ByDimension = dict[str, dict[str | None, Row]]
"""Dimension -> value -> row."""


def read_metrics(reader: FigureReader, question: Question) -> CurrentMetrics:
    """Return the metrics of a window, in all and by group; groups are in the order of their names."""
    since, until = question.period.since, question.period.until
    groups = _read_groups(reader, question)
    recoveries = _read_recoveries(reader, question)
    overall = _describe(groups.get("all", {}).get(None), recoveries.get("all", {}).get("all", {}))
    oldest = reader.read_one("open_incidents", since, until, size=1)
    return CurrentMetrics(
        **{field.name: getattr(overall, field.name) for field in fields(Metrics)},
        since=since,
        until=until,
        filters=question.filters,
        by_type=_read_types(reader, question, recoveries.get("type", {})),
        by_environment=_join("environment", groups, recoveries),
        by_component=_join("component", groups, recoveries),
        by_operation=_join("operation", groups, recoveries),
        open_incidents=oldest["total"] if oldest else 0,
        known_from=find_known_from(reader, question.period),
    )


def has_calls(question: Question) -> bool:
    """Tell whether anything is known of calls: they have neither type nor severity to be filtered by."""
    return not {"type", "severity"} & set(question.filters)


def _read_groups(reader: FigureReader, question: Question) -> _ByDimension:
    if not has_calls(question):
        return {}
    return _by_dimension(reader.read("operation_groups", question.period.since, question.period.until))


def _read_recoveries(reader: FigureReader, question: Question) -> _ByDimension:
    return _by_dimension(reader.read("recovery_times", question.period.since, question.period.until))


def _by_dimension(rows: Iterable[Row]) -> _ByDimension:
    found: _ByDimension = {}
    for row in rows:
        found.setdefault(row["dimension"], {})[row["value"]] = row
    return found


def _join(dimension: str, groups: _ByDimension, recoveries: _ByDimension) -> Mapping[str, Metrics]:
    rows, times = groups.get(dimension, {}), recoveries.get(dimension, {})
    names = sorted({*rows, *times}, key=lambda name: (name is None, name or ""))
    return FrozenDict({name or UNNAMED: _describe(rows.get(name), times.get(name, {})) for name in names})


def _describe(row: Row | None, recovery: Row) -> Metrics:
    """Return the metrics of a group; ``row`` None: nothing is known but how it recovers."""
    mttr = describe_recovery(recovery)
    if row is None:
        return Metrics(**{field.name: None for field in fields(Metrics) if field.name != "mttr"}, mttr=mttr)
    calls, failures, incidents = row["calls"], row["failures"], row["incidents"]
    return Metrics(
        calls=calls,
        success_rate=Share.of(calls - failures, calls),
        failure_rate=Share.of(failures, calls),
        retry_rate=Share.of(row["retries"], calls),
        timed_calls=row["timed_calls"],
        mean_duration_seconds=divide(row["seconds"], row["timed_calls"]),
        incidents=incidents,
        observed_seconds=round_seconds(row["observed_seconds"]),
        down_seconds=round_seconds(row["down_seconds"]),
        availability=find_availability(row),
        mtbf_seconds=find_mtbf(row),
        mttr=mttr,
    )


def divide(seconds: float, count: int) -> float | None:
    """Return seconds for each of so many; None for none."""
    return round_seconds(seconds / count) if count else None


def find_availability(row: Row) -> float | None:
    """Return the share of the watched time without an open incident; None where nothing was watched."""
    watched = row["observed_seconds"]
    return round_share(1 - row["down_seconds"] / watched) if watched > 0 else None


def find_mtbf(row: Row) -> float | None:
    """Return the watched time without an open incident, per incident; None without any, or unwatched."""
    watched = row["observed_seconds"]
    return divide(watched - row["down_seconds"], row["incidents"]) if watched > 0 else None


def _read_types(
    reader: FigureReader, question: Question, recoveries: Mapping[str | None, Row]
) -> Mapping[str, TypeMetrics]:
    counts = reader.read("failure_counts", question.period.since, question.period.until)
    total = next(row["failures"] for row in counts if row["dimension"] == "all")
    failures = {row["value"]: row["failures"] for row in counts if row["dimension"] == "type"}
    names = (*failures, *(name for name in recoveries if name not in failures))
    return FrozenDict({name or UNDECIDED: _type(failures.get(name, 0), total, recoveries.get(name)) for name in names})


def _type(failures: int, total: int, recovery: Row | None) -> TypeMetrics:
    return TypeMetrics(Share.of(failures, total), describe_recovery(recovery or {}))
