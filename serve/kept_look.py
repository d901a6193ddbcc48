"""How everything is, looked at now and then: whoever watches may ask as often as they like."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ..system.handling import HealthStatus

KEPT_SECONDS = 5.0


class KeptLook:
    """Look with ``look`` and keep what it found for five seconds. Safe to share between threads."""

    def __init__(self, look: Callable[[], HealthStatus], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._look, self._clock = look, clock
        self._lock = threading.Lock()
        self._found: tuple[float, HealthStatus] | None = None

    def take(self) -> HealthStatus:
        """Return what was found; of many who ask at a time one looks."""
        with self._lock:
            if self._found is None or self._clock() - self._found[0] >= KEPT_SECONDS:
                self._found = (self._clock(), self._look())
            return self._found[1]
