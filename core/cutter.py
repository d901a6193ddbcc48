"""A hard end for what is done over a socket: timeouts of single steps let a slow server go on for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self


class Cutter:
    """Cut a connection, whatever it is doing; whoever waits on it gets an error or its end.

    As a context manager it cuts after so many seconds by itself. A socket that is named after a cut is cut at once.
    For one use.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        """Whether it has cut: the time was over before the end."""
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._timer = threading.Timer(seconds, self.cut)
        self._timer.daemon = True

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection; what wraps the socket later, as TLS does, is cut with it."""
        with self._lock:
            self._release()
            if self.expired:
                _end(connection)
            else:
                self._held = connection.dup()  # the socket itself is detached when it is wrapped

    def cut(self) -> None:
        """Cut the connection now, or as soon as there is one."""
        with self._lock:
            self.expired = True
            if self._held is not None:
                _end(self._held)
            self._release()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._release()

    def _release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side was quicker
        connection.shutdown(socket.SHUT_RDWR)
