"""Counts of what a system has handled."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core.jsonable import to_jsonable
from .handling_result import HandlingResult


@dataclass(frozen=True, slots=True)
class HandlingStatistics:
    """Sum up what was handled since the start, or since the last reset."""

    total_errors: int
    """Failures that were handled; those that got the result of another call are not among them."""
    resolved: int
    """Those after which the operation succeeded."""
    escalated: int
    handling_errors: int
    """Those at which errclass itself failed."""
    calls: int
    """Calls of the operations, the failed first ones included."""
    total_time: float
    """Seconds."""
    by_type: Mapping[str, int]
    by_strategy: Mapping[str, int]

    @property
    def resolution_rate(self) -> float | None:
        """Share of the failures after which the operation succeeded, 0 to 1; None before the first."""
        return self.resolved / self.total_errors if self.total_errors else None

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return {**values, "resolution_rate": self.resolution_rate}


class HandlingCounter:
    """Count results; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may fail while it is held
        self.reset()

    def reset(self) -> None:
        """Count from nothing."""
        with self._lock:
            self._counts: Counter[str] = Counter()
            self._types: Counter[str] = Counter()
            self._strategies: Counter[str] = Counter()
            self._seconds = 0.0

    def add(self, result: HandlingResult) -> None:
        """Count a result."""
        with self._lock:
            self._counts["errors"] += 1
            self._counts["resolved"] += result.success
            self._counts["escalated"] += result.escalation is not None
            self._counts["faulty"] += result.is_handling_error
            self._counts["calls"] += result.attempts
            self._seconds += result.total_time
            self._strategies[result.strategy] += 1
            if result.decision is not None:
                self._types[result.decision.type] += 1

    def read(self) -> HandlingStatistics:
        """Return the counts so far."""
        with self._lock:
            known = self._counts
            return HandlingStatistics(
                known["errors"],
                known["resolved"],
                known["escalated"],
                known["faulty"],
                known["calls"],
                self._seconds,
                dict(self._types),
                dict(self._strategies),
            )
