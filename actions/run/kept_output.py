"""What is kept of a command's output: its first part and its last, however much came between."""

from __future__ import annotations

from collections import deque

HEAD_BYTES = 1 << 20
TAIL_BYTES = 3 << 20
"""Failures explain themselves near the end."""


class KeptOutput:
    """Keep the first ``HEAD_BYTES`` and the last ``TAIL_BYTES`` of what streams bring, in order of arrival."""

    def __init__(self, head_bytes: int = HEAD_BYTES, tail_bytes: int = TAIL_BYTES) -> None:
        self.total = 0
        """Bytes that came."""
        self._room, self._bound = head_bytes, tail_bytes
        self._head: list[bytes] = []
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._stream, self._open_line = "", False

    def add(self, stream: str, data: bytes) -> None:
        """Take what a stream brought; another stream begins a line of its own."""
        if self._open_line and stream != self._stream:
            self._keep(b"\n")
        self._stream, self._open_line = stream, not data.endswith(b"\n")
        self.total += len(data)
        self._keep(data)

    def text(self) -> bytes:
        """Return what is kept; nothing marks the gap but the end of a line."""
        head, tail = b"".join(self._head), b"".join(self._tail)
        surplus = len(tail) - self._bound
        if surplus <= 0:
            return head + tail
        return head + b"\n" + tail[surplus:].partition(b"\n")[2]

    def _keep(self, data: bytes) -> None:
        if self._room:
            self._head.append(data[: self._room])
            data, self._room = data[self._room :], self._room - len(self._head[-1])
        if data:
            self._tail.append(data)
            self._tail_size += len(data)
        while self._tail_size - len(self._tail[0] if self._tail else b"") > self._bound:
            self._tail_size -= len(self._tail.popleft())
