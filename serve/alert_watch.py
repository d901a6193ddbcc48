"""Look at the alert rules while the service runs, so that people are told without anybody's asking."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from ..core.errors import ErrclassError

_log = logging.getLogger("errclass")


class AlertWatch:
    """Have ``look`` called every so many seconds in a thread of its own.

    A fault is logged, and the next look tries again: what is due stays due.
    """

    def __init__(self, look: Callable[[], object], interval: float) -> None:
        self._look = look
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="errclass-alerts", daemon=True)

    def start(self) -> None:
        """Begin to look; the first time after one interval."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Begin no further look, and wait so long for one under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            try:
                self._look()
            except ErrclassError as error:
                _log.warning("errclass.alerts_not_checked: %s", error)
            except Exception:  # noqa: BLE001 - the rim: a rule must not end the service
                _log.exception("errclass.inner_fault")
