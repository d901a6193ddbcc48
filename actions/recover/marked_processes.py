"""Processes that a recovery started, found by the mark in their environment: also those that left its process group."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable

from ..processes import list_processes
from .environment import MARKER

_GRACE = 2.0
"""Seconds that they have to end by themselves."""
_STEP = 0.02


def end_marked(recovery_id: str, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """End what a recovery left running, and return how many processes that were; none where there is no /proc."""
    found = find_marked(recovery_id)
    for pid in found:
        _send(pid, signal.SIGTERM)
        _send(pid, signal.SIGCONT)
    for pid in _wait_for(recovery_id, found, sleep):
        _send(pid, signal.SIGKILL)
    _wait_for(recovery_id, found, sleep)  # one that was killed may write for a moment more
    return len(found)


def _wait_for(recovery_id: str, left: list[int], sleep: Callable[[float], None]) -> list[int]:
    """Return which are left after the grace."""
    until = time.monotonic() + _GRACE
    while left and time.monotonic() < until:
        sleep(_STEP)
        left = find_marked(recovery_id)
    return left


def find_marked(recovery_id: str) -> list[int]:
    """Return the ids of living processes, but our own, whose environment holds the mark."""
    mark = f"{MARKER}={recovery_id}".encode()
    pids = map(int, list_processes())
    return [pid for pid in pids if pid != os.getpid() and mark in _read_environment(pid)]


def _read_environment(pid: int) -> list[bytes]:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123 - many
            return file.read().split(b"\0")
    except OSError:  # another user's, or it ended just now
        return []


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)
