"""The same metrics for OpenTelemetry, where the process is set up for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .catalogue import BY_NAME, METRICS
from .metric import Metric, Sample

_API = "opentelemetry.metrics"


def find_meter() -> Any:
    """Return the meter of OpenTelemetry; None where nothing of it is loaded, so that nobody can have set it up."""
    metrics = sys.modules.get(_API)
    return None if metrics is None else metrics.get_meter("errclass")


class OpenTelemetryInstruments:
    """Count with a meter of OpenTelemetry; without an SDK, which is the program's to set up, it counts nothing."""

    def __init__(self, meter: Any) -> None:
        self._meter = meter
        self._counters = {
            metric.name: meter.create_counter(_shorten(metric), description=metric.text)
            for metric in METRICS
            if metric.kind == "counter"
        }
        self._histograms = {
            metric.name: meter.create_histogram(metric.name, unit=_find_unit(metric), description=metric.text)
            for metric in METRICS
            if metric.kind == "histogram"
        }
        name = "errclass_requests_in_flight"
        self._levels = {name: meter.create_up_down_counter(name, description=BY_NAME[name].text)}

    def add(self, name: str, labels: tuple[str, ...] = (), amount: float = 1.0) -> None:
        """Add to a counter."""
        self._counters[name].add(amount, _join(name, labels))

    def change(self, name: str, amount: float) -> None:
        """Add to a gauge, or take away from it."""
        self._levels[name].add(amount)

    def observe(self, name: str, value: float, labels: tuple[str, ...] = ()) -> None:
        """Add a value to a histogram."""
        self._histograms[name].record(value, _join(name, labels))

    def watch(self, read: Callable[[], Iterable[Sample]]) -> None:
        """Have the gauges that are looked up be read whenever measures are collected."""
        for metric in METRICS:
            if metric.kind in {"gauge", "info"} and metric.name not in self._levels:
                self._meter.create_observable_gauge(
                    metric.name,
                    callbacks=[_make_callback(metric.name, read)],
                    unit=_find_unit(metric),
                    description=metric.text,
                )


def _make_callback(name: str, read: Callable[[], Iterable[Sample]]) -> Callable[[Any], Iterator[Any]]:
    def tell(_: Any) -> Iterator[Any]:
        observation = sys.modules[_API].Observation
        for sample in read():
            if sample.name == name:
                yield observation(sample.value, _join(name, sample.labels))

    return tell


def _join(name: str, labels: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(BY_NAME[name].labels, labels, strict=True))


def _shorten(metric: Metric) -> str:
    """Return a counter's name as exporters for Prometheus want it: they add the suffix."""
    return metric.name.removesuffix("_total")


def _find_unit(metric: Metric) -> str:
    units = {"_seconds": "s", "_bytes": "By", "_ratio": "1"}
    return next((unit for suffix, unit in units.items() if metric.name.endswith(suffix)), "")
