"""A courier at work in a thread of its own, so that a slow channel keeps no other waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .claiming import Idle
from .courier import Courier

_LONGEST_NAP = 30.0
"""Seconds after which a courier looks again, since another process may have queued something."""
_HOUR = 3600.0


class BackgroundCourier:
    """Have one courier send in a thread of its own until it is stopped; ``tidy`` is called every hour."""

    def __init__(self, courier: Courier, tidy: Callable[[], None]) -> None:
        self._courier = courier
        self._tidy = tidy
        self._tidied = time.monotonic()
        self._woken = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=f"errclass-notify-{courier.channel.name}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have it look at once."""
        self._woken.set()

    def stop(self) -> None:
        """Have it end after the message that it is sending."""
        self._stopped = True
        self._woken.set()

    def join(self, seconds: float) -> None:
        """Wait for its end; what it is still sending then is sent again by whoever comes after its lease."""
        self._thread.join(max(0.0, seconds))

    def _run(self) -> None:
        while not self._stopped:
            self._woken.clear()
            nap = self._look()
            if time.monotonic() - self._tidied > _HOUR:
                self._tidied = time.monotonic()
                self._tidy()
            if nap > 0:
                self._woken.wait(nap)

    def _look(self) -> float:
        result = self._courier.send_next()
        return min(_LONGEST_NAP, result.until - self._courier.now()) if isinstance(result, Idle) else 0.0
