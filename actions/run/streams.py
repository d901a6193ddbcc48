"""Bytes from one file to another, unchanged, without ever waiting for a slow reader."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Collection

BLOCK_BYTES = 1 << 18
PIPE_BYTES = 1 << 20
_FILES = 4096
"""We open fewer."""
_CLOSED = -1
"""No file has this number."""


class Sink:
    """Write to a file; what it does not take at once is kept until it does.

    Without ``ours`` the file is shared with other programs, whose writes must not become non-blocking.
    """

    def __init__(self, fd: int, *, ours: bool = False) -> None:
        self.broken = False
        """Whether nobody reads there any more."""
        self._pending = memoryview(b"")
        self._ours = ours
        self.fd = fd if ours else _reopen(fd)
        if ours:
            os.set_blocking(fd, False)

    @property
    def full(self) -> bool:
        """Whether something waits to be written."""
        return len(self._pending) > 0

    def write(self, data: bytes) -> None:
        """Write as much as the file takes now, and keep the rest."""
        self._pending = memoryview(bytes(self._pending) + data) if self.full else memoryview(data)
        self.flush()

    def flush(self) -> None:
        """Write what was kept, as far as the file takes it now."""
        try:
            while self.full and not self.broken:
                self._pending = self._pending[os.write(self.fd, self._pending) :]
        except BlockingIOError:
            return
        except OSError:  # nobody reads, or the disk is full: the command shall hear of it, as it would without us
            self.broken = True
            self._pending = memoryview(b"")

    def close(self) -> None:
        """Close what was opened for it, once: its number may be that of another file by the next time."""
        if self._ours or self.fd > 2:
            fd, self.fd = self.fd, _CLOSED
            _close(fd)


class Pump:
    """Carry bytes from ``source`` to a sink; ``note`` sees each block first."""

    def __init__(self, source: int, sink: Sink, note: Callable[[bytes], None] | None = None) -> None:
        self.source, self.sink = source, sink
        self.open = True
        """Whether more may come."""
        self.carried = 0
        """Bytes so far."""
        self.due = 0
        """Bytes that must have been carried before one may stop waiting for more."""
        self._note = note

    @property
    def owes(self) -> bool:
        """Whether bytes wait that must arrive, however slow their reader is."""
        return self.sink.full or (self.open and self.carried < self.due)

    @property
    def hungry(self) -> bool:
        """Whether it may read on."""
        return self.open and not self.sink.full

    def carry(self) -> bytes:
        """Read a block that is there and hand it on; return it, or nothing at the end."""
        try:
            data = os.read(self.source, BLOCK_BYTES)
        except BlockingIOError:
            return b""
        except OSError:  # how Linux says that nobody holds the other end of a terminal any more
            data = b""
        self.carried += len(data)
        self.open = bool(data)
        if data and self._note:
            self._note(data)
        if data:
            self.sink.write(data)
        if self.sink.broken:
            self.open = False
        return data

    def close(self) -> None:
        """Close the source, once: whoever still writes there is told that nobody reads."""
        self.open = False
        source, self.source = self.source, _CLOSED
        _close(source)


def make_pipe() -> tuple[int, int]:
    """Return a pipe that takes much, so that a command waits less for us."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    _widen(writer)
    return reader, writer


def forward(pairs: list[tuple[int, int]]) -> None:
    """Carry bytes of ``(source, sink)`` pairs until all sources end, waiting for readers as long as they like."""
    import select

    open_pairs = dict(pairs)
    for fd in [fd for pair in pairs for fd in pair]:
        os.set_blocking(fd, True)
    while open_pairs:
        for source in select.select(list(open_pairs), [], [])[0]:
            if not _forward_block(source, open_pairs[source]):
                _close(source)
                del open_pairs[source]


def _forward_block(source: int, sink: int) -> bool:
    try:
        data = memoryview(os.read(source, BLOCK_BYTES))
        more = len(data) > 0
        while data:
            data = data[os.write(sink, data) :]
    except OSError:
        return False
    return more


def _reopen(fd: int) -> int:
    """Open a pipe once more, so that not waiting is a matter of ours alone; as it is where that cannot be done."""
    try:
        if stat.S_ISFIFO(os.fstat(fd).st_mode):
            return os.open(f"/proc/self/fd/{fd}", os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # closed, no /proc, or another user's
        pass
    return fd


def _widen(fd: int) -> None:
    try:
        import fcntl

        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except (ImportError, AttributeError, OSError):  # Linux only, and up to a limit of the user
        pass


def close_all_but(kept: Collection[int]) -> None:
    """Close all files but a few: a pipe is at its end when nobody holds it."""
    first = 0
    for fd in [*sorted(set(kept)), _FILES]:
        if first < fd:  # Python closes everything where asked for an empty range from 0
            os.closerange(first, fd)
        first = fd + 1


def _close(fd: int) -> None:
    with contextlib.suppress(OSError):  # of one that is closed already, too
        os.close(fd)
