"""What recoveries of this process came to."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from .results import RecoveryResult

_KEPT = 1000


@dataclass(frozen=True, slots=True)
class RecoveryStatistics:
    """Sum up recoveries."""

    total_recoveries: int
    active_recoveries: int
    by_strategy: Mapping[str, int]
    by_result: Mapping[str, int]
    average_duration: float | None
    """Seconds of those that ran; None before the first."""
    success_rate: float | None
    """Share of successes among those that ran; what was skipped did not run."""


class RecoveryLedger:
    """Count recoveries and keep the newest; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active = 0
        self._clear()

    def _clear(self) -> None:
        self._history: deque[RecoveryResult] = deque(maxlen=_KEPT)
        self._by_strategy: Counter[str] = Counter()
        self._by_result: Counter[str] = Counter()
        self._seconds = 0.0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count one recovery as active for the block."""
        with self._lock:
            self._active += 1
        try:
            yield
        finally:
            with self._lock:
                self._active -= 1

    def add(self, result: RecoveryResult) -> None:
        """Count what became of one."""
        with self._lock:
            self._history.append(result)
            self._by_result[result.outcome] += 1
            if result.strategy:
                self._by_strategy[result.strategy] += 1
            if result.outcome != "skipped":
                self._seconds += result.seconds

    def read(self) -> RecoveryStatistics:
        """Return the counts so far."""
        with self._lock:
            total = sum(self._by_result.values())
            ran = total - self._by_result["skipped"]
            return RecoveryStatistics(
                total_recoveries=total,
                active_recoveries=self._active,
                by_strategy=dict(self._by_strategy),
                by_result={name: count for name, count in self._by_result.items() if count},
                average_duration=self._seconds / ran if ran else None,
                success_rate=self._by_result["success"] / ran if ran else None,
            )

    def list_newest(self, limit: int) -> tuple[RecoveryResult, ...]:
        """Return the newest results, oldest first."""
        with self._lock:
            return tuple(self._history)[-limit:] if limit > 0 else ()

    def reset(self) -> None:
        """Forget all but what is at work."""
        with self._lock:
            self._clear()
