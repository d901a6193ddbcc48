"""Counters and a histogram for OpenTelemetry."""

from __future__ import annotations

from typing import Any

from ...core.errors import MissingExtraError
from .events import Event
from .measures import COUNTERS, WAIT, measure_event


class OpenTelemetryListener:
    """Count events with a meter of OpenTelemetry, that of the global provider unless another is given.

    Raises MissingExtraError where opentelemetry-api is not installed.
    """

    def __init__(self, meter: Any = None) -> None:
        try:
            from opentelemetry import metrics
        except ImportError as error:
            raise MissingExtraError("opentelemetry-api", "otel") from error
        chosen = meter or metrics.get_meter("errclass")
        self._counters = {name: chosen.create_counter(name, description=text) for name, (_, text) in COUNTERS.items()}
        self._waits = chosen.create_histogram(WAIT, unit="s", description="Waits between attempts")

    def __call__(self, event: Event) -> None:
        """Count one event."""
        for measure in measure_event(event):
            if measure.name == WAIT:
                labels = {"operation": measure.operation, "type": measure.label}
                self._waits.record(measure.value, labels)
            else:
                labels = {"operation": measure.operation, COUNTERS[measure.name][0]: measure.label}
                self._counters[measure.name].add(1, labels)
