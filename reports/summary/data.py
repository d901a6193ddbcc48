"""What a summary holds; ``schemas/summary.json`` describes it for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Direction = Literal["increasing", "decreasing", "unclear", "unknown"]


@dataclass(frozen=True, slots=True)
class SuccessRate:
    """Hold how many of some tries succeeded, with Wilson's interval of 95 %; no rate without tries."""

    tries: int
    successes: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ResolutionStats:
    """Hold what came of the failures: resolved, given up and pending ones are all of them."""

    resolved: int
    given_up: int
    pending: int
    """Those of which it is not known how they ended."""
    escalated: int
    """Those that were escalated, whatever came of it."""
    timed: int
    """Those whose time to resolution is known."""
    average_resolution_seconds: float | None
    """Mean of these; failures that are still pending do not count, for which there is ``RecoveryTime``."""


@dataclass(frozen=True, slots=True)
class RecoveryTime:
    """Hold how long operations were down, by the Kaplan-Meier curve of the incidents that opened, as in ``mttr``."""

    incidents: int
    recovered: int
    open: int
    untimed: int
    mean_seconds: float | None
    """None where nothing recovered."""
    median_seconds: float | None
    horizon_seconds: float | None


@dataclass(frozen=True, slots=True)
class Trends:
    """Hold what is different from the time just before, of the same length; None where it cannot be compared."""

    comparable: bool
    """Whether the store goes back so far."""
    errors_before: int | None
    error_rate_change: float | None
    """Relative, with its interval of 95 %."""
    error_rate_change_low: float | None
    error_rate_change_high: float | None
    direction: Direction
    """Of the number of errors; ``unclear`` where chance alone may explain the change."""
    resolution_time_change: float | None
    """Of the mean time to recovery, relative; both means up to the same horizon."""
    resolution_horizon_seconds: float | None
    escalation_rate_change: float | None
    """Of the share of failures that were escalated, in points (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Hold one cause of failures."""

    fingerprint: str
    count: int
    last_seen: datetime
    first_seen: datetime
    """Ever, not only in the window."""
    is_new: bool
    """Whether that was in the window."""
    type: str
    severity: str
    operation: str | None
    tool: str | None
    message: str


@dataclass(frozen=True, slots=True)
class ActionEnds:
    """Hold how the runs of a recovery or reset ended, or the escalations to a target."""

    name: str
    success: int
    partial: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class RecoveryEnds:
    """Hold how the runs of a recovery ended, and whether the operation succeeded when it was called after it."""

    name: str
    success: int
    partial: int
    failed: int
    skipped: int
    reruns: SuccessRate


@dataclass(frozen=True, slots=True)
class RecentFailure:
    """Hold one of the newest failures."""

    time: datetime
    type: str
    severity: str
    environment: str | None
    operation: str | None
    state: Literal["resolved", "given up", "pending"]
    escalated: bool
    message: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Hold the failures of the window in slots of one length, oldest first; the last may be cut short."""

    slot_seconds: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SummaryData:
    """Hold a summary."""

    total_errors: int
    """Failures, without cancelled ones."""
    cancelled: int
    imported: int
    unsure: int
    """Failures whose decision was unsure."""
    causes: int
    errors_by_type: Mapping[str, int]
    errors_by_severity: Mapping[str, int]
    errors_by_environment: Mapping[str, int]
    resolution_stats: ResolutionStats
    recovery_time: RecoveryTime
    trends: Trends
    calls: SuccessRate | None
    """Calls of operations; None where type or severity are filtered by, which calls do not have."""
    retries: SuccessRate
    """Unchanged re-runs."""
    retries_by_type: Mapping[str, SuccessRate]
    recoveries: tuple[RecoveryEnds, ...]
    resets: tuple[ActionEnds, ...]
    escalations: tuple[ActionEnds, ...]
    top_causes: tuple[Cause, ...]
    recent: tuple[RecentFailure, ...]
    timeline: Timeline
    known_from: datetime | None
    """The first moment of which the store knows anything; None where nothing was ever recorded."""
