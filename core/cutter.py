"""A hard end for what is done over a socket: timeouts of single steps let a slow server go on for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self


class Cutter:
    """Cut a connection after so many seconds, whatever it is doing; whoever waits on it gets an error or its end.

    A socket that is named after that is cut at once. For one use, as a context manager.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        """Whether the time was over before the end."""
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection; what wraps the socket later, as TLS does, is cut with it."""
        with self._lock:
            self._release()
            self._held = connection.dup()  # the socket itself is detached when it is wrapped
            if self.expired:
                self._cut()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._release()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._cut()

    def _cut(self) -> None:
        if self._held is not None:
            with contextlib.suppress(OSError):  # the other side was quicker
                self._held.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
