"""Run one program call of a recovery: no shell, its own process group, within time and output limits."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...core.masking import mask_secrets
from ..run.child import end_group
from ..run.kept_output import KeptOutput
from .environment import MARKER
from .marked_processes import end_marked
from .programs import find_program

HEAD_BYTES, TAIL_BYTES = 8 << 10, 24 << 10
"""Bytes of output that are kept: the first and the last ones."""
_LOOK = 0.05
_DRAIN = 0.5
"""Seconds that output of what still runs is waited for, once the program has ended."""
_BLOCK = 1 << 16

End = Literal["exited", "timed_out", "cancelled", "not_started"]


@dataclass(frozen=True, slots=True)
class Ran:
    """Hold how one program call ended."""

    argv: tuple[str, ...]
    end: End
    exit_code: int | None
    """Negative for the signal that ended it; None where it never started."""
    output: str
    """First and last part, secrets masked."""


class StepRunner:
    """Run programs in one work folder; ``cancelled`` ends the one that runs, and ``deadline`` bounds them together.

    ``programs`` says where some names lie; all others are looked up.
    """

    def __init__(
        self,
        work: Path,
        environ: Mapping[str, str],
        *,
        deadline: float,
        cancelled: threading.Event | None = None,
        programs: Mapping[str, str] | None = None,
    ) -> None:
        self._work, self._environ = work, dict(environ)
        self._deadline = deadline
        """On the monotonic clock."""
        self._cancelled = cancelled or threading.Event()
        self._programs = programs or {}

    def run(self, argv: tuple[str, ...], timeout: float) -> Ran:
        """Run a program to its end and return how that came; whatever it left running is ended."""
        began = time.monotonic()
        program = self._programs.get(argv[0]) or find_program(argv[0], self._work, self._environ["PATH"])
        if program is None or self._cancelled.is_set() or began >= self._deadline:
            return self._refuse(argv, program)
        try:
            child = self._start(program, argv)
        except OSError as error:
            return Ran(argv, "not_started", None, error.strerror or str(error))
        kept = KeptOutput(HEAD_BYTES, TAIL_BYTES)
        with child:
            try:
                end = self._watch(child, kept, min(self._deadline, began + timeout))
            finally:  # also where we are interrupted: it has a session of its own, so that nothing else would end it
                self._end_rest(child)
            _drain(child, kept)
        output = mask_secrets(kept.text().decode("utf-8", "replace"))
        return Ran(argv, end, child.returncode, output)

    def _refuse(self, argv: tuple[str, ...], program: str | None) -> Ran:
        if program is None:
            return Ran(argv, "not_started", None, f"{argv[0]} is not there")
        return Ran(argv, "cancelled" if self._cancelled.is_set() else "timed_out", None, "")

    def _start(self, program: str, argv: tuple[str, ...]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the arguments come from a recipe that was checked, and no shell reads them
            [program, *argv[1:]],
            cwd=self._work,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _watch(self, child: subprocess.Popen[bytes], kept: KeptOutput, until: float) -> End:
        while child.poll() is None:
            if self._cancelled.is_set():
                return "cancelled"
            if time.monotonic() >= until:
                return "timed_out"
            _take(child, kept, _LOOK)
        return "exited"

    def _end_rest(self, child: subprocess.Popen[bytes]) -> None:
        end_group(child.pid)
        child.wait()
        end_marked(self._environ[MARKER])


def _take(child: subprocess.Popen[bytes], kept: KeptOutput, seconds: float) -> bool:
    """Keep a block of output, and tell whether there may be more."""
    if child.stdout is None:
        return False
    if not _has_output(child, seconds):
        return True
    block = os.read(child.stdout.fileno(), _BLOCK)
    kept.add("output", block)
    if not block:  # it closed its output and runs on
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    return bool(block)


def _drain(child: subprocess.Popen[bytes], kept: KeptOutput) -> None:
    until = time.monotonic() + _DRAIN
    while time.monotonic() < until:
        if not _has_output(child, 0) or not _take(child, kept, 0):
            return


def _has_output(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for output, and tell whether there is any; select itself cannot be used, for it ends at 1023 open files."""
    if child.stdout is None:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        return bool(selector.select(seconds))
