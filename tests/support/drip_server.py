"""A server that goes on for ever with one byte at a time, so that no single step of a conversation takes long."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_BYTES = 300
"""Sent at most, twenty a second."""


@dataclass(slots=True)
class DripServer:
    """Hold where it is and whether the other side had enough."""

    port: int
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the other side is gone before the end."""
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when it is gone, or all bytes are sent."""


@contextmanager
def serve_drips(first: bytes, drop: bytes = b"a") -> Iterator[DripServer]:
    """Answer one connection with ``first``, and then with ``drop`` again and again."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = DripServer(listener.getsockname()[1])
        thread = threading.Thread(target=_drip, args=(listener, first, drop, server, stopped))
        thread.start()
        try:
            yield server
        finally:
            stopped.set()
            listener.close()
            thread.join(10)


def _drip(listener: socket.socket, first: bytes, drop: bytes, server: DripServer, stopped: threading.Event) -> None:
    try:
        connection, _ = listener.accept()
    except OSError:  # nobody came
        return
    with connection:
        try:
            connection.sendall(first)
            for _ in range(_BYTES):
                if stopped.wait(0.05):
                    break
                connection.sendall(drop)
        except OSError:
            server.left.set()
    server.ended.set()
