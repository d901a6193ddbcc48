"""Make scheduled reports while a long process goes on."""

from __future__ import annotations

import logging
import threading

from ..core.errors import StoreError
from .report_schedules import ReportSchedules

_log = logging.getLogger("errclass")
INTERVAL = 20.0
"""Seconds between two looks at what is due."""


class ReportTimer:
    """Look every few seconds, in a thread of its own, for reports that are due, and make them.

    A fault is logged and the next look tries again.
    """

    def __init__(self, schedules: ReportSchedules, *, interval: float = INTERVAL) -> None:
        self._schedules = schedules
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="errclass-reports", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self, wait: float) -> None:
        """End, once the report is made that is being made; what takes longer than ``wait`` seconds is left."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(wait)

    def _run(self) -> None:
        while True:
            self._look()
            if self._stopped.wait(self._interval):
                return

    def _look(self) -> None:
        try:
            for one in self._schedules.make_due():
                _log.log(logging.WARNING if one.fault else logging.INFO, "errclass.scheduled_report: %s", one)
        except StoreError as error:
            _log.warning("errclass.reports_not_made: %s", error)
        except Exception:  # noqa: BLE001 - the rim: what goes wrong in here must not end the service
            _log.exception("errclass.inner_fault")
