"""Do something every so many seconds while the service runs, beside its requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ..core.errors import ErrclassError

_log = logging.getLogger("errclass")


class Repeating:
    """Have ``work`` done every ``interval`` seconds in a thread of its own.

    The first time is after one interval, or ``at_once``. Work that takes more than its ``share`` of the time (above 0,
    1 at most) is done less often. A fault is logged, as ``errclass.<event>`` where it is an error of ours, and the next
    time tries again.
    """

    def __init__(
        self, work: Callable[[], object], interval: float, event: str, *, at_once: bool = False, share: float = 1.0
    ) -> None:
        self._work, self._interval, self._event, self._share = work, interval, event, share
        self._pause = 0.0 if at_once else interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"errclass-{event}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Begin nothing further, and wait so long for what is under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        pause = self._pause
        while not self._stopped.wait(pause):
            began = time.monotonic()
            self._do()
            pause = find_pause(self._interval, time.monotonic() - began, self._share)

    def _do(self) -> None:
        try:
            self._work()
        except ErrclassError as error:
            _log.warning("errclass.%s: %s", self._event, error)
        except Exception:  # noqa: BLE001 - the rim: what goes wrong in here must not end the service
            _log.exception("errclass.inner_fault")


def find_pause(interval: float, took: float, share: float) -> float:
    """Return the seconds until work that ``took`` so many may begin again: ``interval``, or more for its share."""
    return max(interval, took / share - took)
