"""How a circuit breaker behaves: what trips it, how long it stays open, what closes it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ...core.errors import UsageError


@dataclass(frozen=True, slots=True)
class FailuresInWindow:
    """Trip on so many failures, in any order, of which none is as old as the window."""

    failures: int = 5
    window: float = 300.0
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Consecutive:
    """Trip on so many failures in a row."""

    failures: int = 5


@dataclass(frozen=True, slots=True)
class FailuresOfLast:
    """Trip on so many failures among the last calls."""

    failures: int
    calls: int


@dataclass(frozen=True, slots=True)
class RateByCount:
    """Trip on a share of failures among the last calls, from a minimum of calls on."""

    rate: float = 0.5
    """0 to 1."""
    calls: int = 100
    min_calls: int = 10
    """No more than ``calls`` are ever waited for."""


@dataclass(frozen=True, slots=True)
class RateByTime:
    """Trip on a share of failures within a window, from a minimum of calls on."""

    rate: float = 0.5
    """0 to 1."""
    window: float = 60.0
    """Seconds."""
    min_calls: int = 10


_MOST_SECONDS = 100 * 366 * 86_400
"""A century: times stay finite, so that they can be stored."""

Trip = FailuresInWindow | Consecutive | FailuresOfLast | RateByCount | RateByTime


@dataclass(frozen=True, slots=True)
class SlowCalls:
    """Trip, besides, on a share of calls that took longer than ``over`` seconds; only rates can count them."""

    rate: float
    """0 to 1."""
    over: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """Say how an open circuit is tried again."""

    permits: int = 1
    """Calls that are let through."""
    counted: Literal["in_flight", "total"] = "in_flight"
    """Whether a finished call makes room for the next one."""
    decide: Literal["successes", "single", "rate"] = "successes"
    """What closes it: so many successes (the first failure opens it again), the first result, or the share of failures
    once all permits have reported."""
    successes: int = 1
    timeout: float | None = None
    """Seconds after which a call of which nothing was heard gives its permit back, and its late result counts for
    nothing; None: ``open_for``, and at least 1; infinity: never."""


@dataclass(frozen=True, slots=True)
class BreakerOptions:
    """Hold all options of one circuit; raises UsageError for what makes no sense together."""

    trip: Trip = field(default_factory=FailuresInWindow)
    open_for: float = 60.0
    """Seconds that it stays open."""
    half_open: HalfOpen = field(default_factory=HalfOpen)
    slow: SlowCalls | None = None
    growth: float = 1.0
    """Factor by which the open time grows with every failed trial, until the circuit closes."""
    open_at_most: float = 3600.0
    """Seconds that a growing open time never exceeds."""
    on_failure_only: bool = False
    """Whether rates are looked at only when a call failed, as users of Polly and cockatiel are used to."""
    above_rate: bool = False
    """Whether a rate has to be exceeded and not only reached, as users of cockatiel are used to."""
    after_open_for: bool = False
    """Whether it is half open only after ``open_for`` and not already at it, as users of resilience4j are used to."""
    ignored_succeed: bool = False
    """Whether an ignored error counts as a success, as users of Polly are used to; otherwise as nothing."""

    @property
    def probe_timeout(self) -> float:
        """Seconds after which a trial call of which nothing was heard gives its permit back."""
        return max(self.open_for, 1.0) if self.half_open.timeout is None else self.half_open.timeout

    def __post_init__(self) -> None:
        _check(0 <= self.open_for < _MOST_SECONDS, "open_for is at least 0 seconds, and no more than a century")
        _check(0 <= self.open_at_most < _MOST_SECONDS, "open_at_most likewise")
        _check(1 <= self.growth <= 1000, "growth is at least 1 and at most 1000")
        _check(self.probe_timeout > 0, "half_open.timeout is above 0 seconds")
        _check(self.half_open.permits >= 1, "half_open.permits is at least 1")
        _check(self.half_open.successes >= 1, "half_open.successes is at least 1")
        if isinstance(self.trip, RateByCount | RateByTime):
            _check(0 < self.trip.rate <= 1, "trip.rate is above 0 and at most 1")
            _check(self.trip.min_calls >= 1, "trip.min_calls is at least 1")
        else:
            _check(self.trip.failures >= 1, "trip.failures is at least 1")
            _check(self.slow is None, "slow calls are counted by rates only; use RateByCount or RateByTime")


def _check(holds: bool, rule: str) -> None:  # noqa: FBT001 - it is the condition itself
    if not holds:
        raise UsageError(f"circuit breaker: {rule}")
