"""Events of retries and breakers in monitoring systems."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from errclass.actions.breaker import BreakerChanged, BreakerRefused
from errclass.actions.hooks import OpenTelemetryListener, PrometheusListener
from errclass.actions.retry import RetryScheduled, RetryStopped, RetrySucceeded
from errclass.core.errors import MissingExtraError

EVENTS = (
    RetryScheduled("deploy", 1, 2.5, 0.1, "ConnectionError", "network", "d"),
    RetryScheduled("deploy", 2, 5.0, 3.0, "ConnectionError", "network", "d"),
    RetryScheduled("deploy", 1, 1.0, 0.1, "ValueError", None, ""),
    RetrySucceeded("deploy", 3, 9.0),
    RetryStopped("deploy", 4, "attempts", 9.0, "ConnectionError", "network", "d"),
    BreakerChanged("deploy", "closed", "open", 5),
    BreakerRefused("deploy", 60.0),
)
COUNTS = {
    ("errclass_retries", "type", "network"): 2,
    ("errclass_retries", "type", "ValueError"): 1,
    ("errclass_retry_recoveries", "attempts", "3"): 1,
    ("errclass_retry_failures", "reason", "attempts"): 1,
    ("errclass_breaker_changes", "state", "open"): 1,
    ("errclass_breaker_refusals", "state", "open"): 1,
}


def test_prometheus_counts_them() -> None:
    """In a registry of one's own."""
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    listener = PrometheusListener(registry)
    for event in EVENTS:
        listener(event)
    found = {
        (name, label, value): registry.get_sample_value(f"{name}_total", {"operation": "deploy", label: value})
        for name, label, value in COUNTS
    }
    assert found == COUNTS
    waits = {"operation": "deploy", "type": "network"}
    assert 7.5 == registry.get_sample_value("errclass_retry_wait_seconds_sum", waits)


def test_opentelemetry_counts_them() -> None:
    """With a meter of one's own."""
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    reader = InMemoryMetricReader()
    listener = OpenTelemetryListener(MeterProvider([reader]).get_meter("test"))
    for event in EVENTS:
        listener(event)
    data: Any = reader.get_metrics_data()
    metrics = {metric.name: metric for metric in data.resource_metrics[0].scope_metrics[0].metrics}
    found = {
        (name, label, value): point.value
        for name, label, value in COUNTS
        for point in metrics[name].data.data_points
        if point.attributes == {"operation": "deploy", label: value}
    }
    assert found == COUNTS
    assert {1.0, 7.5} == {point.sum for point in metrics["errclass_retry_wait_seconds"].data.data_points}


@pytest.mark.parametrize(
    ("listener", "module"), [(PrometheusListener, "prometheus_client"), (OpenTelemetryListener, "opentelemetry")]
)
def test_a_missing_library_is_named(listener: Any, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'errclass\[otel\]'"):
        listener()
