"""How well operations work, as tables for notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .metrics import CurrentMetrics, Metrics
from .series import MetricSeries
from .share import Share

if TYPE_CHECKING:
    from pandas import DataFrame

_SHARES = ("success_rate", "failure_rate", "retry_rate")
_SAME = (
    "calls",
    "timed_calls",
    "mean_duration_seconds",
    "incidents",
    "observed_seconds",
    "down_seconds",
    "availability",
    "mtbf_seconds",
)


def frame_groups(metrics: CurrentMetrics) -> DataFrame:
    """Return a table with a row for all operations, and one per environment, component and operation."""
    from pandas import DataFrame

    return DataFrame([{"dimension": kind, "value": name, **_flatten(one)} for kind, name, one in _list(metrics)])


def frame_slots(series: tuple[MetricSeries, ...]) -> DataFrame:
    """Return a table with a row per slot, by its beginning, and a column per metric."""
    from pandas import DataFrame, Index

    starts = Index([point.start for point in series[0].points], name="start")
    return DataFrame(
        {one.metric: [point.value for point in one.points] for one in series}, index=starts, dtype="float64"
    )


def _list(metrics: CurrentMetrics) -> Iterator[tuple[str, str, Metrics]]:
    yield "all", "all", metrics
    for kind in ("environment", "component", "operation"):
        groups: Mapping[str, Metrics] = getattr(metrics, f"by_{kind}")
        for name, one in groups.items():
            yield kind, name, one


def _flatten(one: Metrics) -> dict[str, Any]:
    cells = {name: getattr(one, name) for name in _SAME}
    for name in _SHARES:
        share: Share | None = getattr(one, name)
        ends = (None, None, None) if share is None else (share.value, share.low, share.high)
        cells |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
    mttr = one.mttr
    return cells | {
        "mttr_seconds": mttr.mean_seconds,
        "median_recovery_seconds": mttr.median_seconds,
        "open_incidents": mttr.open,
    }
