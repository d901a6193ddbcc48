"""What is used of prometheus-client, in one place."""

from __future__ import annotations

from ...core.errors import MissingExtraError

try:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
    from prometheus_client.exposition import choose_encoder
    from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily
except ImportError as error:
    raise MissingExtraError("prometheus-client", "serve") from error

__all__ = [
    "CollectorRegistry",
    "Counter",
    "Gauge",
    "GaugeMetricFamily",
    "Histogram",
    "InfoMetricFamily",
    "ProcessCollector",
    "choose_encoder",
]
