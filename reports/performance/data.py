"""What a report on performance holds; ``schemas/performance.json`` describes it for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..summary.data import RecoveryTime
from ..tracking.metrics import Metrics


@dataclass(frozen=True, slots=True)
class GroupPerformance:
    """Hold the metrics of the operations of one name or in one place."""

    name: str
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hold the worst groups, and how many there are."""

    groups: int
    worst: tuple[GroupPerformance, ...]
    """Those first of whose calls most surely fail, by the lower end of the interval of their failure rate."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Hold one incident that was open at the end of the window."""

    operation: str
    environment: str | None
    component: str | None
    opened_at: datetime
    seconds: float
    """How long it is known to last."""
    failures: int
    """Failed calls since it opened."""
    type: str
    severity: str


@dataclass(frozen=True, slots=True)
class CurveStep:
    """Hold one step of the recovery curve."""

    seconds: float
    at_risk: int
    """Incidents that lasted at least so long."""
    recovered: int
    """Those that recovered just then."""
    open: int
    """Those that were last watched just then, still open."""
    still_down: float
    """Share of the incidents that last longer, by Kaplan and Meier, with its interval of 95 %."""
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SlotRate:
    """Hold the success of the calls in one slot of time; None without calls."""

    start: datetime
    calls: int
    success_rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SuccessOverTime:
    """Hold slots of one length, oldest first; the last may be cut short."""

    slot_seconds: int
    slots: tuple[SlotRate, ...]


@dataclass(frozen=True, slots=True)
class PerformanceData:
    """Hold a report on performance."""

    system_metrics: Metrics
    open_incidents: int
    oldest_open: tuple[OpenIncident, ...]
    operation_performance: Ranking
    component_performance: Ranking
    environment_performance: Ranking
    recovery_by_type: Mapping[str, RecoveryTime]
    """By the type of an incident's first failure."""
    recovery_curve: tuple[CurveStep, ...]
    success_over_time: SuccessOverTime | None
    """None where type or severity are filtered by, which calls do not have."""
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""
