"""Count what is under way, so that an end can wait for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class InFlight:
    """Let handlings in until it is closed; safe to share between threads and tasks."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._closed = False

    @property
    def is_closed(self) -> bool:
        """Whether no more are let in."""
        return self._closed

    @contextmanager
    def entered(self) -> Iterator[bool]:
        """Count the block as under way; yields whether it may go on."""
        with self._changed:
            is_in = not self._closed
            self._count += is_in
        try:
            yield is_in
        finally:
            with self._changed:
                self._count -= is_in
                self._changed.notify_all()

    def close(self, seconds: float) -> bool:
        """Let no more in, and wait for those under way, for at most so many seconds; False where it was closed."""
        with self._changed:
            if self._closed:
                return False
            self._closed = True
            self._changed.wait_for(lambda: not self._count, timeout=seconds)
            return True
