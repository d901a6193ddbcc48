"""Notice, cheaply, that files which were read at the start are others now."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

INTERVAL = 1.0
"""Seconds between two looks at the files."""


class ChangeWatch:
    """Watch what ``stamp`` returns from now on; looks at most once a second, and compares two numbers in between."""

    def __init__(
        self, stamp: Callable[[], Hashable], *, clock: Callable[[], float] = time.monotonic, interval: float = INTERVAL
    ) -> None:
        self._look = stamp
        self._clock = clock
        self._interval = interval
        self._next = clock() + interval
        self._stamp = stamp()

    def look(self) -> Hashable:
        """Return the stamp as it is now, whenever it was last looked at."""
        return self._look()

    def has_changed(self) -> bool:
        """Tell, once for each change, whether the stamp is another than at the last look.

        Several threads may ask; at worst two of them are told of the same change.
        """
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + self._interval
        stamp = self._look()
        changed = stamp != self._stamp
        self._stamp = stamp
        return changed
