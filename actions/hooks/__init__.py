"""Listeners of retries and breakers; those that hand events to monitoring systems need the extra ``otel``."""

from __future__ import annotations

from .events import Event, Listener
from .otel import OpenTelemetryListener
from .prometheus import PrometheusListener

__all__ = ["Event", "Listener", "OpenTelemetryListener", "PrometheusListener"]
