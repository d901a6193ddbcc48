"""What a circuit breaker tells its listeners."""

from __future__ import annotations

from dataclasses import dataclass

from .circuit import State


@dataclass(frozen=True, slots=True)
class BreakerChanged:
    """Tell that a circuit is in another state."""

    operation: str
    before: State
    after: State
    failures: int
    """Failures counted since the circuit was made."""


@dataclass(frozen=True, slots=True)
class BreakerRefused:
    """Tell that a call was refused."""

    operation: str
    retry_after: float
    """Seconds until a call may be tried again; infinity where it is forced open."""


BreakerEvent = BreakerChanged | BreakerRefused
