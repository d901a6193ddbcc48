"""A started command: what became of it, and signals to it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Protocol

from ..processes import list_processes

END_GRACE = 2.0
"""Seconds that the rest of a process group has to end by itself."""
_STEP = 0.02


class Child(Protocol):
    """A started command."""

    report: int | None
    """A file that becomes readable when there is news, other than SIGCHLD."""

    def poll(self) -> int | None:
        """Return its status (exit code, or signal, negative) once it has ended."""
        ...

    def stopped(self) -> bool:
        """Tell, once each time, that it was stopped."""
        ...

    def hear(self) -> None:
        """Read what ``report`` brings."""
        ...

    def send(self, number: int) -> None:
        """Send a signal to its process group."""
        ...

    def end_rest(self) -> None:
        """End what is left of its process group: politely first, and for good ``END_GRACE`` seconds later."""
        ...

    def close(self) -> None:
        """Let go of what told of it."""
        ...


class GroupChild:
    """A command in a process group of its own."""

    report: int | None = None

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def poll(self) -> int | None:
        """See ``Child``."""
        found, status = os.waitpid(self._pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if found else None

    def stopped(self) -> bool:
        """See ``Child``; whoever stopped it continues it."""
        return False

    def hear(self) -> None:
        """Do nothing: nobody reports of it."""

    def send(self, number: int) -> None:
        """See ``Child``."""
        send_to_group(self._pid, number)

    def end_rest(self) -> None:
        """See ``Child``."""
        end_group(self._pid)

    def close(self) -> None:
        """Do nothing: it is waited for by ``poll``."""


class SharedChild(GroupChild):
    """A command in our own process group, which also holds whoever else is in our pipeline."""

    def send(self, number: int) -> None:
        """Send a signal to it and its descendants, for the group is not ours alone."""
        for pid in (self._pid, *list_descendants(self._pid)):
            _send(os.kill, pid, number)

    def end_rest(self) -> None:
        """Do nothing: whose the rest is cannot be told any more."""


class SessionChild(GroupChild):
    """A command in a session of its own, of which a leader of ours reports."""

    def __init__(self, leader: int, report: int) -> None:
        self._leader = leader
        self.report = report
        self._text = b""
        self._status: int | None = None
        self._stopped = False
        word, number = self._first_news()
        if word != b"pid":
            self.close()
            raise OSError(number, os.strerror(number))
        super().__init__(number)

    def poll(self) -> int | None:
        """See ``Child``."""
        return self._status

    def hear(self) -> None:
        """Read what the leader reports."""
        block = os.read(self.report, 4096) if self.report is not None else b""
        self._text += block
        *lines, self._text = self._text.split(b"\n")
        for word, number in map(bytes.split, lines):
            self._stopped = self._stopped or word == b"stopped"
            self._status = int(number) if word == b"status" else self._status
        if not block and self._status is None:  # somebody killed the leader; the command's end stays unknown
            self._status = -signal.SIGKILL

    def stopped(self) -> bool:
        """See ``Child``."""
        was, self._stopped = self._stopped, False
        return was

    def close(self) -> None:
        """Let the leader go, once it has reported the end."""
        if self.report is None:
            return
        os.close(self.report)
        self.report = None
        if self._status is None:
            _send(os.kill, self._leader, signal.SIGKILL)
        os.waitpid(self._leader, 0)

    def _first_news(self) -> tuple[bytes, int]:
        line = b""
        while not line.endswith(b"\n"):
            byte = os.read(self.report or 0, 1)
            if not byte:
                return b"error", 5  # EIO: no session could be had
            line += byte
        word, number = line.split()
        return word, int(number)


def send_to_group(group: int, number: int) -> bool:
    """Send a signal to a process group and tell whether it is there; a program of another user gets none."""
    return _send(os.killpg, group, number)


def end_group(group: int) -> None:
    """End what is left of a process group."""
    send_to_group(group, signal.SIGTERM)
    send_to_group(group, signal.SIGCONT)
    until = time.monotonic() + END_GRACE
    while send_to_group(group, 0) and is_alive(group):
        if time.monotonic() > until:
            send_to_group(group, signal.SIGKILL)
            return
        time.sleep(_STEP)


def is_alive(group: int) -> bool:
    """Tell whether anybody in a process group runs; those that nobody reaps, as in many containers, do not count."""
    pids = list_processes()
    return not pids or any(_read_group(pid) == group for pid in pids)  # where there is no /proc to tell, it may be


def _read_group(pid: str) -> int | None:
    """Return the process group of a process that has not ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            state, _, group = file.read().rpartition(b")")[2].split()[:3]
    except (OSError, ValueError):  # it ended just now
        return None
    return None if state in {b"Z", b"X"} else int(group)


def list_descendants(pid: int) -> list[int]:
    """Return the process ids below one, nearest first; none where there is no /proc to tell."""
    found = _children(pid)
    for child in found:
        found += _children(child)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                found += map(int, file.read().split())
    except OSError:  # it ended, or there is no /proc
        pass
    return found


def _send(send: Callable[[int, int], None], target: int, number: int) -> bool:
    try:
        send(target, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
