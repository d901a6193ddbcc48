"""Counts of what a program told of its operations."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from ...core.jsonable import to_jsonable

Told = Literal["started", "succeeded", "failed", "cancelled", "failures", "retries", "lost"]


@dataclass(frozen=True, slots=True)
class TrackingStatistics:
    """Sum up what was told since the start, or since the last reset."""

    enabled: bool | None
    """Whether it is recorded; None where the settings cannot be read."""
    started: int
    succeeded: int
    failed: int
    """Operations that failed in the end."""
    cancelled: int
    open: int
    """Those that go on."""
    failures: int
    """Failed calls of them all."""
    retries: int
    lost: int
    """Reports that could not be recorded."""
    last_fault: str | None
    """Why the last of these could not be."""

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        found: dict[str, Any] = to_jsonable(self)
        return found


class TrackingCounter:
    """Count what is told; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may tell something while it is held
        self._counts: Counter[Told] = Counter()
        self._last_fault: str | None = None

    def add(self, *told: Told) -> None:
        """Count each once."""
        with self._lock:
            self._counts.update(told)

    def add_loss(self, why: str) -> None:
        """Count a report that could not be recorded."""
        with self._lock:
            self._counts["lost"] += 1
            self._last_fault = why

    def reset(self) -> None:
        """Count from nothing."""
        with self._lock:
            self._counts.clear()
            self._last_fault = None

    def read(self, *, enabled: bool | None, still_open: int) -> TrackingStatistics:
        """Return the counts so far."""
        with self._lock:
            known = self._counts
            return TrackingStatistics(
                enabled=enabled,
                started=known["started"],
                succeeded=known["succeeded"],
                failed=known["failed"],
                cancelled=known["cancelled"],
                open=still_open,
                failures=known["failures"],
                retries=known["retries"],
                lost=known["lost"],
                last_fault=self._last_fault,
            )
