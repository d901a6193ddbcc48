"""The standard input of a command that may be run again: whether the next call would read the same."""

from __future__ import annotations

import array
import fcntl
import os
import select
import stat
import termios

from .streams import Pump, Sink, make_pipe

REPLAYED_BYTES = 1 << 20
"""Most that is remembered for a further call."""
READ_AWAY = "the command read its standard input, which cannot be read twice; --stdin replay keeps up to 1 MB of it"
TOO_LONG = "standard input was longer than the 1 MB that --stdin replay keeps"


class StandardInput:
    """Hand standard input to each call; with ``replay`` every call reads the same, up to ``REPLAYED_BYTES``."""

    def __init__(self, *, replay: bool = False) -> None:
        mode = os.fstat(0).st_mode
        self._file = stat.S_ISREG(mode)
        self._harmless = stat.S_ISCHR(mode)  # a terminal, or /dev/null
        self._replay = replay and not self._harmless
        self._fed = self._replay and not self._file
        self._before = self._place()
        self._memory = bytearray()
        self._lost = self._at_end = False

    def connect(self) -> tuple[int, Pump | None]:
        """Return what the next call reads, and what feeds it, if anything has to."""
        if not self._fed:
            if self._replay and self._before:
                os.lseek(0, self._before[0], os.SEEK_SET)
            return 0, None
        theirs, ours = make_pipe()
        os.set_blocking(theirs, True)
        sink = Sink(ours, ours=True)
        sink.write(bytes(self._memory))
        feed = Pump(0, sink, self._remember)
        feed.open = not self._at_end
        return theirs, feed

    def obstacle(self) -> str:
        """Return why a further call would not read the same; nothing where it would."""
        if self._lost:
            return TOO_LONG
        untouched = self._before is not None and self._before == self._place()
        return "" if self._harmless or self._replay or untouched else READ_AWAY

    def _remember(self, data: bytes) -> None:
        self._at_end = not data
        if len(self._memory) + len(data) > REPLAYED_BYTES:
            self._lost = True
            self._memory.clear()
        if not self._lost:
            self._memory += data

    def _place(self) -> tuple[int, ...] | None:
        """Return what changes when something is read; None where that cannot be told, since more may yet come."""
        try:
            return (os.lseek(0, 0, os.SEEK_CUR),) if self._file else _count_last_bytes()
        except OSError:
            return None


def _count_last_bytes() -> tuple[int, ...] | None:
    """Return how much waits in a pipe that nobody writes to any more: none, for the steps of most CI systems."""
    poll = select.poll()
    poll.register(0, select.POLLIN)
    if not any(event & select.POLLHUP for _, event in poll.poll(0)):
        return None
    return (count_waiting(0),)


def count_waiting(fd: int) -> int:
    """Return how many bytes could be read now without waiting."""
    count = array.array("i", [0])
    try:
        fcntl.ioctl(fd, termios.FIONREAD, count)
    except OSError:
        return 0
    return count[0]
