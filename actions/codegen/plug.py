"""The connection of one exchange, so that another thread can end it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class Plug:
    """Know the connection from the transport's trace, and pull it; reads and writes that wait on it end at once."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._pulled = False
        self._lock = threading.Lock()

    def watch(self, event: str, details: Mapping[str, Any]) -> None:
        """Take in what the transport traces; a connection that comes too late is ended."""
        stream = details.get("return_value")
        if event.endswith(".complete") and hasattr(stream, "get_extra_info"):
            with self._lock:
                self._stream = stream  # TLS is a stream of its own, over the first one
            if self._pulled:
                self.pull()

    def pull(self) -> None:
        """End the connection, now or as soon as there is one."""
        with self._lock:
            self._pulled = True
            stream = self._stream
        with suppress(OSError, ValueError, AttributeError):  # it has ended by itself
            stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
