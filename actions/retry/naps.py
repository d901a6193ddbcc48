"""Waits between attempts that can be seen and cut short."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .course import Course
from .mode import current_mode


@dataclass(frozen=True, slots=True)
class ActiveRetry:
    """Describe a call that waits for its next attempt."""

    id: int
    operation: str
    attempts: int
    """Attempts that have failed."""
    wait: float
    """Seconds that it waits, from its beginning."""


class Naps:
    """Wait, know who waits, and wake them; safe to share between threads and event loops.

    ``sleep`` and ``asleep`` stand in for the waiting itself in tests; such waits cannot be cut short.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None] | None = None,
        asleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self._sleep = sleep
        self._asleep = asleep
        self._ids = itertools.count(1)
        self._waiting: dict[int, tuple[ActiveRetry, Course, Callable[[], object]]] = {}
        self._lock = threading.Lock()

    def active(self) -> tuple[ActiveRetry, ...]:
        """Return the calls that wait just now."""
        with self._lock:
            return tuple(entry[0] for entry in self._waiting.values())

    def cancel(self, number: int) -> bool:
        """End a waiting call: it raises its last error at once; False where no such call waits."""
        with self._lock:
            entry = self._waiting.get(number)
            if entry is None:
                return False
            _, course, wake = entry
            course.cancelled = True
        wake()
        return True

    def wait(self, operation: str, course: Course, seconds: float) -> None:
        """Wait, in a thread."""
        if not current_mode().sleeps:
            return
        if self._sleep is not None:
            self._sleep(seconds)
            return
        if seconds <= 0:
            return
        woken = threading.Event()
        number = self._enter(operation, course, seconds, woken.set)
        try:
            woken.wait(min(seconds, threading.TIMEOUT_MAX))
        finally:
            self._leave(number)

    async def await_(self, operation: str, course: Course, seconds: float) -> None:
        """Wait, in a task."""
        import asyncio  # whoever awaits has it already

        if not current_mode().sleeps:
            await asyncio.sleep(0)
            return
        if self._asleep is not None:
            await self._asleep(seconds)
            return
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        number = self._enter(operation, course, seconds, lambda: loop.call_soon_threadsafe(woken.set))
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            pass
        finally:
            self._leave(number)

    def _enter(self, operation: str, course: Course, seconds: float, wake: Callable[[], object]) -> int:
        number = next(self._ids)
        with self._lock:
            self._waiting[number] = (ActiveRetry(number, operation, course.attempts, seconds), course, wake)
        return number

    def _leave(self, number: int) -> None:
        with self._lock:
            self._waiting.pop(number, None)
