"""The series of the service's metrics, as expressions may use them."""

from __future__ import annotations

from collections.abc import Mapping

from support.promql import Series

from errclass.serve.metrics import METRICS, Metric

PROCESS: Mapping[str, bool] = {
    "process_virtual_memory_bytes": False,
    "process_resident_memory_bytes": False,
    "process_start_time_seconds": False,
    "process_cpu_seconds_total": True,
    "process_open_fds": False,
    "process_max_fds": False,
}
"""What prometheus-client says of the process on Linux, and whether it is a counter."""


def list_series() -> dict[str, Series]:
    """Return each name that is scraped; ``up`` is Prometheus's own."""
    own = {name: series for metric in METRICS for name, series in _list(metric).items()}
    process = {name: Series(frozenset(), counts) for name, counts in PROCESS.items()}
    return own | process | {"up": Series(frozenset(), False)}


def _list(metric: Metric) -> dict[str, Series]:
    labels = frozenset(metric.labels)
    if metric.kind != "histogram":
        return {metric.name: Series(labels, metric.kind == "counter")}
    return {
        f"{metric.name}_bucket": Series(labels | {"le"}, True),
        f"{metric.name}_count": Series(labels, True),
        f"{metric.name}_sum": Series(labels, True),
    }
