"""Counts of the calls of one operation."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryStatistics:
    """Sum up the calls of one operation, or of several; those that were cancelled from outside count nowhere."""

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

    def __sub__(self, other: RetryStatistics) -> RetryStatistics:
        return RetryStatistics(*(getattr(self, name) - getattr(other, name) for name in self.__slots__))


class CallCell:
    """Count the calls of one thread that succeeded at once; only that thread writes to it, so it needs no lock."""

    __slots__ = ("calls", "seconds")

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0


class CallCounter:
    """Count calls; safe to share between threads."""

    __slots__ = ("_attempts", "_before", "_cells", "_failed", "_lock", "_seconds", "_succeeded", "own")

    def __init__(self) -> None:
        self._succeeded = self._failed = self._attempts = 0
        self._seconds = 0.0
        self._before = RetryStatistics()
        """What was counted before the last reset."""
        self._cells: list[tuple[threading.Thread, CallCell]] = []
        self._lock = threading.Lock()
        self.own = threading.local()
        """Has the calling thread's ``cell``, once ``make_cell`` has made it."""

    def make_cell(self) -> CallCell:
        """Return a new cell for the calling thread, and take over the counts of threads that have ended."""
        cell: CallCell = CallCell()
        self.own.cell = cell
        with self._lock:
            living = [(threading.current_thread(), cell)]
            for thread, known in self._cells:
                if thread.is_alive():
                    living.append((thread, known))
                else:
                    self._add(known.calls, known.calls, known.seconds)
            self._cells = living
        return cell

    def succeed(self, attempts: int, seconds: float) -> None:
        """Count a call that succeeded."""
        with self._lock:
            self._add(1, attempts, seconds)

    def fail(self, attempts: int) -> None:
        """Count a call that failed for good."""
        with self._lock:
            self._failed += 1
            self._attempts += attempts

    def read(self) -> RetryStatistics:
        """Return the counts so far."""
        with self._lock:
            return self._sum_up() - self._before

    def reset(self) -> None:
        """Count from nothing."""
        with self._lock:
            self._before = self._sum_up()

    def _add(self, calls: int, attempts: int, seconds: float) -> None:
        self._succeeded += calls
        self._attempts += attempts
        self._seconds += seconds

    def _sum_up(self) -> RetryStatistics:
        cells = [cell for _, cell in self._cells]
        calls, seconds = sum(cell.calls for cell in cells), sum(cell.seconds for cell in cells)
        succeeded = self._succeeded + calls
        return RetryStatistics(
            succeeded + self._failed, succeeded, self._failed, self._attempts + calls, self._seconds + seconds
        )
