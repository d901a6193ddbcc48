"""Counts of the calls of one operation."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryStatistics:
    """Sum up the calls of one operation, or of several."""

    total_operations: int = 0
    successful_operations: int = 0
    failed_operations: int = 0
    attempts: int = 0
    success_seconds: float = 0.0
    """Time of all successful calls, waits included."""

    @property
    def average_attempts(self) -> float | None:
        """Attempts per call; None before the first."""
        return self.attempts / self.total_operations if self.total_operations else None

    @property
    def average_success_time(self) -> float | None:
        """Seconds of a successful call, waits included; None before the first."""
        return self.success_seconds / self.successful_operations if self.successful_operations else None

    def __add__(self, other: RetryStatistics) -> RetryStatistics:
        return RetryStatistics(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


class CallCounter:
    """Count calls; safe to share between threads."""

    __slots__ = ("_attempts", "_failed", "_lock", "_seconds", "_succeeded")

    def __init__(self) -> None:
        self._succeeded = self._failed = self._attempts = 0
        self._seconds = 0.0
        self._lock = threading.Lock()

    def succeed(self, attempts: int, seconds: float) -> None:
        """Count a call that succeeded."""
        with self._lock:
            self._succeeded += 1
            self._attempts += attempts
            self._seconds += seconds

    def fail(self, attempts: int) -> None:
        """Count a call that failed for good."""
        with self._lock:
            self._failed += 1
            self._attempts += attempts

    def read(self) -> RetryStatistics:
        """Return the counts so far."""
        with self._lock:
            total = self._succeeded + self._failed
            return RetryStatistics(total, self._succeeded, self._failed, self._attempts, self._seconds)

    def reset(self) -> None:
        """Count from nothing."""
        with self._lock:
            self._succeeded = self._failed = self._attempts = 0
            self._seconds = 0.0
