"""Circuit breakers: calls of an operation that keeps failing are refused for a while."""

from __future__ import annotations

from .breaker import CircuitBreaker, Listener
from .breakers import UNNAMED, CircuitBreakers
from .circuit import Circuit, Outcome, Permit, State
from .deferred import ChooseOptions, DeferredCircuitBreaker
from .events import BreakerChanged, BreakerEvent, BreakerRefused
from .judgement import Judge, judge_by_kind
from .options import (
    BreakerOptions,
    Consecutive,
    FailuresInWindow,
    FailuresOfLast,
    HalfOpen,
    RateByCount,
    RateByTime,
    SlowCalls,
)
from .shared import SharedCircuitBreaker
from .shared_state import SharedState, read_shared_state
from .status import BreakerStatistics, BreakerStatus

__all__ = [
    "UNNAMED",
    "BreakerChanged",
    "BreakerEvent",
    "BreakerOptions",
    "BreakerRefused",
    "BreakerStatistics",
    "BreakerStatus",
    "ChooseOptions",
    "Circuit",
    "CircuitBreaker",
    "CircuitBreakers",
    "Consecutive",
    "DeferredCircuitBreaker",
    "FailuresInWindow",
    "FailuresOfLast",
    "HalfOpen",
    "Judge",
    "Listener",
    "Outcome",
    "Permit",
    "RateByCount",
    "RateByTime",
    "SharedCircuitBreaker",
    "SharedState",
    "SlowCalls",
    "State",
    "judge_by_kind",
    "read_shared_state",
]
