"""Metrics of the service, for Prometheus and OpenTelemetry."""

from __future__ import annotations

from .catalogue import METRICS
from .metric import Metric
from .service_meter import ServiceMeter
from .service_metrics import ServiceMetrics

__all__ = ["METRICS", "Metric", "ServiceMeter", "ServiceMetrics"]
