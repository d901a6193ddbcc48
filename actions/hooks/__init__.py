"""Listeners that hand events of retries and breakers to monitoring systems; each needs the extra ``otel``."""

from __future__ import annotations

from .otel import OpenTelemetryListener
from .prometheus import PrometheusListener

__all__ = ["OpenTelemetryListener", "PrometheusListener"]
