"""How well operations work, as tables for notebooks; what is not known is NaN."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from ..frames import Rows
from .metrics import CurrentMetrics, Metrics
from .series import MetricSeries
from .share import Share

_SHARES = ("success_rate", "failure_rate", "retry_rate")
_NUMBERS = (
    "calls",
    "timed_calls",
    "mean_duration_seconds",
    "incidents",
    "observed_seconds",
    "down_seconds",
    "availability",
    "mtbf_seconds",
)
_RECOVERY = ("mttr_seconds", "median_recovery_seconds", "open_incidents")


def lay_groups_of_operations(metrics: CurrentMetrics) -> Rows:
    """Return a row for all operations, and one per environment, component and operation."""
    shares = (f"{name}{end}" for name in _SHARES for end in ("", "_low", "_high"))
    columns = ("dimension", "value", *_NUMBERS, *shares, *_RECOVERY)
    return Rows(columns, tuple((kind, name, *map(_number, _list_cells(one))) for kind, name, one in _list(metrics)))


def lay_slots(series: tuple[MetricSeries, ...]) -> Rows:
    """Return a row per slot, with its beginning, and a column per metric."""
    starts = (point.start for point in series[0].points)
    values = ([_number(point.value) for point in one.points] for one in series)
    return Rows(("start", *(one.metric for one in series)), tuple(zip(starts, *values, strict=True)))


def _list(metrics: CurrentMetrics) -> Iterator[tuple[str, str, Metrics]]:
    yield "all", "all", metrics
    for kind in ("environment", "component", "operation"):
        groups: Mapping[str, Metrics] = getattr(metrics, f"by_{kind}")
        for name, one in groups.items():
            yield kind, name, one


def _list_cells(one: Metrics) -> Iterator[float | None]:
    yield from (getattr(one, name) for name in _NUMBERS)
    for name in _SHARES:
        share: Share | None = getattr(one, name)
        yield from (None, None, None) if share is None else (share.value, share.low, share.high)
    yield from (one.mttr.mean_seconds, one.mttr.median_seconds, one.mttr.open)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
