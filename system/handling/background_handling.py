"""Handle failures one after the other in a thread, for those who must not wait: logging and event loops."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .error_handling_system import ErrorHandlingSystem

_log = logging.getLogger("errclass")

Job = tuple[BaseException | str, Mapping[str, Any]]


class BackgroundHandling:
    """Keep at most ``capacity`` failures waiting; what comes beyond that is counted and left out."""

    def __init__(self, system: ErrorHandlingSystem, capacity: int) -> None:
        self._system = system
        self._queue: queue.Queue[Job | None] = queue.Queue(capacity)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self.left_out = 0
        """Failures for which there was no room."""

    @property
    def is_own_thread(self) -> bool:
        """Whether the caller is this very thread, handling something."""
        return threading.current_thread() is self._thread

    def put(self, error: BaseException | str, context: Mapping[str, Any]) -> bool:
        """Have it handled; False where there is no room, or it was closed."""
        with self._lock:
            if self._closed:
                return False
            try:
                self._queue.put_nowait((error, context))
            except queue.Full:
                self.left_out += 1
                return False
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="errclass-handling", daemon=True)
                self._thread.start()
            return True

    def close(self, seconds: float) -> None:
        """Handle what waits, for at most so many seconds, and take nothing more."""
        with self._lock:
            thread, was_closed, self._closed = self._thread, self._closed, True
        if thread is None or was_closed:
            return
        deadline = time.monotonic() + seconds
        try:
            self._queue.put(None, timeout=seconds)
        except queue.Full:
            self._queue.queue.clear()  # nobody waits for these any more
            self._queue.put_nowait(None)
        thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                self._system.handle_error(*job)
            except Exception:  # noqa: BLE001 - the rim: the next one is handled all the same
                _log.exception("errclass.inner_fault")
            del job  # it holds the frames of an error
