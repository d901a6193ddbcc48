"""What resets of this process came to."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

from .results import ResetResult

_KEPT = 1000


@dataclass(frozen=True, slots=True)
class ResetStatistics:
    """Sum up resets."""

    total_resets: int
    by_kind: Mapping[str, int]
    by_result: Mapping[str, int]
    average_duration: float | None
    """Seconds of those that ran; None before the first."""
    success_rate: float | None
    """Share of successes among those that ran."""


class ResetLedger:
    """Keep the newest results; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._history: deque[ResetResult] = deque(maxlen=_KEPT)

    def add(self, result: ResetResult) -> None:
        """Note what became of one."""
        with self._lock:
            self._history.append(result)

    def read(self) -> ResetStatistics:
        """Return the counts over the newest thousand."""
        history = self.list_newest(_KEPT)
        ran = [result for result in history if result.outcome != "skipped"]
        return ResetStatistics(
            total_resets=len(history),
            by_kind=dict(Counter(result.kind or "none" for result in history)),
            by_result=dict(Counter(result.outcome for result in history)),
            average_duration=sum(result.seconds for result in ran) / len(ran) if ran else None,
            success_rate=sum(result.success for result in ran) / len(ran) if ran else None,
        )

    def list_newest(self, limit: int) -> tuple[ResetResult, ...]:
        """Return the newest results, oldest first."""
        with self._lock:
            return tuple(self._history)[-limit:] if limit > 0 else ()

    def reset(self) -> None:
        """Forget all."""
        with self._lock:
            self._history.clear()
