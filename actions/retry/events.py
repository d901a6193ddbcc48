"""What an executor tells its listeners, one frozen value each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

StopReason = Literal["attempts", "budget", "cancelled", "circuit_open", "deadline", "nested", "non_retryable"]


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """Tell that an attempt failed and another one follows."""

    operation: str
    attempt: int
    """The attempt that failed, from 1."""
    wait: float
    """Seconds."""
    elapsed: float
    error: str
    """Class of the error, or ``result`` for a result that counts as one."""
    kind: str | None
    decision_id: str


@dataclass(frozen=True, slots=True)
class RetryStopped:
    """Tell that a call failed for good."""

    operation: str
    attempts: int
    reason: StopReason
    elapsed: float
    error: str
    kind: str | None
    decision_id: str


@dataclass(frozen=True, slots=True)
class RetrySucceeded:
    """Tell that a call succeeded after it had failed."""

    operation: str
    attempts: int
    elapsed: float


RetryEvent = RetryScheduled | RetryStopped | RetrySucceeded
