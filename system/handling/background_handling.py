"""Handle failures one after the other in a thread, for those who must not wait: logging and event loops."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .error_handling_system import ErrorHandlingSystem

_log = logging.getLogger("errclass")

Job = tuple[BaseException | str, Mapping[str, Any]]


class BackgroundHandling:
    """Keep at most ``capacity`` failures waiting; what comes beyond that is counted and left out.

    Signal handlers and destructors may put something in while their own thread does, and forked processes have a
    thread of their own.
    """

    def __init__(self, system: ErrorHandlingSystem, capacity: int) -> None:
        self._system, self._capacity = system, capacity
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()  # the one that may be put into while it is
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._process: int | None = None
        """In which the thread is."""
        self._closed = False
        self.left_out = 0
        """Failures for which there was no room, or no time at the end."""

    @property
    def is_own_thread(self) -> bool:
        """Whether the caller is this very thread, handling something."""
        return threading.current_thread() is self._thread

    def put(self, error: BaseException | str, context: Mapping[str, Any]) -> bool:
        """Have it handled; False where there is no room, or it was closed."""
        with self._lock:
            if self._closed:
                return False
            if not self._has_begun() or self._queue.qsize() >= self._capacity:
                self.left_out += 1
                return False
            self._queue.put((error, context))
            return True

    def close(self, seconds: float) -> None:
        """Handle what waits, for at most so many seconds, and take nothing more."""
        with self._lock:
            thread, was_closed, self._closed = self._thread, self._closed, True
        if thread is None or was_closed:
            return
        self._queue.put(None)
        thread.join(seconds)
        with suppress(queue.Empty):
            while self._queue.get_nowait() is not None:
                self.left_out += 1
        self._queue.put(None)

    def _has_begun(self) -> bool:
        """Start the thread, where there is none in this process; False where the interpreter takes none any more."""
        if self._process == os.getpid():
            return True
        jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()  # what waits in the other one is that process's
        thread = threading.Thread(target=self._work, args=(jobs,), name="errclass-handling", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return False
        self._process, self._queue, self._thread = os.getpid(), jobs, thread
        return True

    def _work(self, jobs: queue.SimpleQueue[Job | None]) -> None:
        while (job := jobs.get()) is not None:
            try:
                self._system.handle_error(*job)
            except Exception:  # noqa: BLE001 - the rim: the next one is handled all the same
                _log.exception("errclass.inner_fault")
            del job  # it holds the frames of an error
