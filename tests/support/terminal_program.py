"""A program at a terminal that controls it, as at a person's: keys, size, job control."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

SECONDS = 60
_PATIENCE = 5
_LOGIN = "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"


class TerminalProgram:
    """Hold a started program, our end of its terminal, and what it showed."""

    def __init__(self, command: Sequence[str], cwd: Path, environ: Mapping[str, str] | None = None) -> None:
        self.fd, theirs = pty.openpty()
        self.resize(24, 80)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LOGIN, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            env={**os.environ, "TERM": "xterm", "PS1": "$ ", **(environ or {})},
        )
        self._keep = theirs  # so that the terminal's modes can be asked for after the program's end
        self.shown = ""
        self._seen = 0

    @property
    def modes(self) -> list[Any]:
        """The terminal's modes."""
        return termios.tcgetattr(self.fd)

    def resize(self, rows: int, columns: int) -> None:
        """Make the window so large."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.fd, keys.encode())

    def press_until(self, keys: str, words: str) -> str:
        """Type what the program may overlook, once more after some seconds, and read until ``words`` are shown."""
        self.press(keys)
        with contextlib.suppress(TimeoutError):
            return self.read_until(words, _PATIENCE)
        self.press(keys)
        return self.read_until(words)

    def read_until(self, words: str, seconds: float = SECONDS) -> str:
        """Read until ``words`` are shown, after those read for before, and return all that was shown."""
        deadline = time.monotonic() + seconds
        while words not in self.shown[self._seen :]:
            if not select.select([self.fd], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise TimeoutError(f"{words!r} was not shown; shown was {self.shown!r}")
            self.shown += os.read(self.fd, 65536).decode(errors="replace")
        self._seen = self.shown.index(words, self._seen) + len(words)
        return self.shown

    def wait(self) -> int:
        """Return the exit code once it has ended, or the signal, negative."""
        deadline = time.monotonic() + SECONDS
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"it has not ended; shown was {self.shown!r}")
            self._read_waiting(0.02)
        self._read_waiting(0)
        return self.process.returncode

    def close(self) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.kill()
        self.process.wait()
        os.close(self._keep)
        os.close(self.fd)

    def _read_waiting(self, seconds: float) -> None:
        while select.select([self.fd], [], [], seconds)[0]:
            self.shown += os.read(self.fd, 65536).decode(errors="replace")


@contextlib.contextmanager
def at_terminal(
    command: Sequence[str], cwd: Path, environ: Mapping[str, str] | None = None
) -> Iterator[TerminalProgram]:
    """Start a program at a terminal of its own, and end it with the block."""
    program = TerminalProgram(command, cwd, environ)
    try:
        yield program
    finally:
        program.close()


@contextlib.contextmanager
def at_shell(cwd: Path) -> Iterator[TerminalProgram]:
    """Start a shell at a terminal of its own, wait until it asks for a command, and end it with the block."""
    with at_terminal(["bash", "--norc", "-i"], cwd) as program:
        program.read_until("$ ")
        yield program
