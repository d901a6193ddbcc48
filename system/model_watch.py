"""Notice, cheaply, that another model was put into use."""

from __future__ import annotations

import time
from collections.abc import Callable

from .promotions import Promotions, Stamp

INTERVAL = 1.0
"""Seconds between two looks at the file."""


class ModelWatch:
    """Watch ``models/promoted.json`` from now on; looks at most once a second, and compares two numbers in between."""

    def __init__(
        self, promotions: Promotions, *, clock: Callable[[], float] = time.monotonic, interval: float = INTERVAL
    ) -> None:
        self._promotions = promotions
        self._clock = clock
        self._interval = interval
        self._next = clock() + interval
        self._stamp: Stamp | None = promotions.stamp()

    def has_changed(self) -> bool:
        """Tell, once for each change, whether the file is another than at the last look.

        Several threads may ask; at worst two of them are told of the same change.
        """
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + self._interval
        stamp = self._promotions.stamp()
        changed = stamp != self._stamp
        self._stamp = stamp
        return changed
