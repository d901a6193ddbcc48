"""How everything is, looked at now and then: whoever watches may ask as often as they like."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from ..core.background_call import start_in_background
from ..system.handling import HealthStatus

KEPT_SECONDS = 5.0


class KeptLook:
    """Look with ``look`` and keep what it found for five seconds. Safe to share between threads.

    It looks in a thread of its own: a store that is locked holds up none of those that answer.
    """

    def __init__(self, look: Callable[[], HealthStatus], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._look, self._clock = look, clock
        self._lock = threading.Lock()
        self._begun: tuple[float, Future[HealthStatus]] | None = None

    def take(self) -> Future[HealthStatus]:
        """Return what was found, or what will be: of many who ask at a time one looks."""
        with self._lock:
            if self._begun is None or self._is_old(*self._begun):
                self._begun = (self._clock(), start_in_background(self._look))
            return self._begun[1]

    def _is_old(self, begun: float, found: Future[HealthStatus]) -> bool:
        return found.done() and self._clock() - begun >= KEPT_SECONDS
