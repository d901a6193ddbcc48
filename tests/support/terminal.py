"""The command line at a terminal of its own: what it shows, and keys pressed when it waits for them."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from contextlib import ExitStack

SECONDS = 60


def press_keys(arguments: Sequence[str], steps: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Run errclass at a pseudo-terminal and return its exit code and all that it showed.

    Of each step, the keys are pressed once its words are shown, after what the step before waited for.
    """
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "errclass", *arguments]
    with (
        subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process,
        ExitStack() as stack,
    ):
        stack.callback(process.kill)  # also when what we wait for never comes; of no effect on one that has ended
        os.close(theirs)
        shown, seen = "", 0
        for words, keys in steps:
            shown = _read_until(ours, shown, words, seen)
            seen = shown.index(words, seen) + len(words)
            _wait_for_raw_mode(ours)
            os.write(ours, keys.encode())
        shown = _read_until(ours, shown, None, seen)
        process.wait(SECONDS)
    os.close(ours)
    return process.returncode, shown


def _wait_for_raw_mode(terminal: int) -> None:
    """Wait until a single key is read: what is typed before is thrown away."""
    deadline = time.monotonic() + SECONDS
    while termios.tcgetattr(terminal)[3] & termios.ICANON:
        if time.monotonic() > deadline:
            raise TimeoutError("no key is asked for")
        time.sleep(0.01)


def _read_until(terminal: int, shown: str, words: str | None, seen: int) -> str:
    """Read on until ``words`` are shown, or until the other side ends."""
    deadline = time.monotonic() + SECONDS
    while words is None or words not in shown[seen:]:
        if not select.select([terminal], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise TimeoutError(f"{words!r} was not shown; shown was {shown!r}")
        try:
            block = os.read(terminal, 65536)
        except OSError:  # how Linux says that nobody is at the other end any more
            block = b""
        if not block and words is None:
            return shown
        if not block:
            raise EOFError(f"ended before {words!r} was shown; shown was {shown!r}")
        shown += block.decode(errors="replace")
    return shown
