"""What is known of a metric before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram", "info"]
Source = Literal["service", "queues", "figures"]
"""``service``: this process, at once; ``queues``: what waits in the store; ``figures``: its history."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Describe a metric."""

    name: str
    """As it is told, with its unit and suffix."""
    kind: Kind
    text: str
    labels: tuple[str, ...] = ()
    source: Source = "service"
    buckets: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one value of a metric that is looked up rather than counted."""

    name: str
    value: float
    labels: tuple[str, ...] = ()
    """Values of the metric's labels, in their order."""
