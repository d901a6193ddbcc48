"""Counters, gauges and histograms of prometheus-client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .catalogue import METRICS
from .metric import Metric
from .prometheus_library import Counter, Gauge, Histogram

_COUNTED = frozenset({"errclass_requests_in_flight"})
"""Gauges that are counted up and down; the others are looked up."""


class PrometheusInstruments:
    """Count for one service; a collector for the registry of prometheus-client."""

    def __init__(self) -> None:
        self._known = {metric.name: _make(metric) for metric in METRICS if _is_counted(metric)}

    def add(self, name: str, labels: tuple[str, ...] = (), amount: float = 1.0) -> None:
        """Add to a counter."""
        self._find(name, labels).inc(amount)

    def change(self, name: str, amount: float) -> None:
        """Add to a gauge, or take away from it."""
        self._find(name, ()).inc(amount)

    def observe(self, name: str, value: float, labels: tuple[str, ...] = ()) -> None:
        """Add a value to a histogram."""
        self._find(name, labels).observe(value)

    def collect(self) -> Iterable[Any]:
        """Return what was counted, without the times at which counts began: they would double the series."""
        for known in self._known.values():
            for family in known.collect():
                family.samples = [one for one in family.samples if not one.name.endswith("_created")]
                yield family

    def _find(self, name: str, labels: tuple[str, ...]) -> Any:
        known = self._known[name]
        return known.labels(*labels) if labels else known


def _is_counted(metric: Metric) -> bool:
    return metric.kind in {"counter", "histogram"} or metric.name in _COUNTED


def _make(metric: Metric) -> Any:
    if metric.kind == "histogram":
        return Histogram(metric.name, metric.text, metric.labels, buckets=metric.buckets, registry=None)
    kind = Counter if metric.kind == "counter" else Gauge
    return kind(metric.name, metric.text, metric.labels, registry=None)
