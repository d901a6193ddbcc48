"""What is known of how well operations work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.jsonable import to_jsonable
from ..summary.data import RecoveryTime
from .share import Share


@dataclass(frozen=True, slots=True)
class Metrics:
    """Hold the metrics of some operations in a window.

    Calls have neither type nor severity: where these are filtered by, only ``mttr`` is known, and all else None.
    """

    calls: int | None
    """Calls that ended in the window, without cancelled and imported ones."""
    success_rate: Share | None
    failure_rate: Share | None
    retry_rate: Share | None
    """Share of the calls that were re-runs."""
    timed_calls: int | None
    """Calls whose duration is known."""
    mean_duration_seconds: float | None
    """Mean of these."""
    incidents: int | None
    """Incidents that opened in the window: from a first failure to the next success of an operation in its place."""
    observed_seconds: float | None
    """How long the operations were watched in the window, one after the other."""
    down_seconds: float | None
    """How long of this an incident was open, also one that opened before."""
    availability: float | None
    """Share of the watched time in which no incident was open, 0 to 1; None where nothing was watched."""
    mtbf_seconds: float | None
    """Watched time without an open incident, per incident; None without any, or where nothing was watched."""
    mttr: RecoveryTime
    """From opening to recovery, with incidents that are still open counted as long as they are known to last."""


@dataclass(frozen=True, slots=True)
class TypeMetrics:
    """Hold what is known of failures of one type."""

    failures: Share
    """Of all failures in the window."""
    mttr: RecoveryTime
    """Of the incidents whose first failure was of this type."""


@dataclass(frozen=True, slots=True)
class CurrentMetrics(Metrics):
    """Hold the metrics of all operations, and of groups of them."""

    since: datetime
    until: datetime
    filters: Mapping[str, tuple[str, ...]]
    by_type: Mapping[str, TypeMetrics]
    by_environment: Mapping[str, Metrics]
    by_component: Mapping[str, Metrics]
    by_operation: Mapping[str, Metrics]
    open_incidents: int
    """Incidents that were open at the end of the window, whenever they opened."""
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        found: dict[str, Any] = to_jsonable(self)
        return found
