"""Counts that cost next to nothing to add to."""

from __future__ import annotations

import itertools
import threading


class Tally:
    """Count what happens in any thread; ``add`` is one call that no other thread can interrupt, so it needs no lock."""

    __slots__ = ("_count", "_lock", "_reads", "add")

    def __init__(self) -> None:
        self._count = itertools.count()
        self._reads = 0
        self._lock = threading.Lock()
        self.add = self._count.__next__
        """Count one more."""

    def read(self) -> int:
        """Return how often ``add`` was called."""
        with self._lock:
            reads, self._reads = self._reads, self._reads + 1
            return next(self._count) - reads  # a read counts too: there is no other way to look at it
