"""Counters and a histogram for Prometheus."""

from __future__ import annotations

from typing import Any

from ...core.errors import MissingExtraError
from .events import Event
from .measures import COUNTERS, WAIT, measure_event


class PrometheusListener:
    """Count events in a registry of prometheus-client, its default one unless another is given.

    Raises MissingExtraError where prometheus-client is not installed.
    """

    def __init__(self, registry: Any = None) -> None:
        try:
            from prometheus_client import REGISTRY, Counter, Histogram
        except ImportError as error:
            raise MissingExtraError("prometheus-client", "otel") from error
        chosen = registry or REGISTRY
        self._counters = {
            name: Counter(name, help_text, ("operation", label), registry=chosen)
            for name, (label, help_text) in COUNTERS.items()
        }
        self._waits = Histogram(WAIT, "Waits between attempts", ("operation", "type"), registry=chosen)

    def __call__(self, event: Event) -> None:
        """Count one event."""
        for measure in measure_event(event):
            if measure.name == WAIT:
                self._waits.labels(measure.operation, measure.label).observe(measure.value)
            else:
                self._counters[measure.name].labels(measure.operation, measure.label).inc()
