"""Run commands on Linux and macOS: with terminals, process groups and all signals."""

from __future__ import annotations

import os
import select
import signal
import termios
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from .kept_output import KeptOutput
from .signals import CaughtSignals, stop_self
from .stage import find_stage, is_attended, open_standard_files
from .standard_input import StandardInput
from .supervising import Supervisor
from .values import Call

if TYPE_CHECKING:
    from threading import Event

T = TypeVar("T")
_ANSWER_BYTES = 4096


class PosixHost:
    """See ``Host``; signals are caught from the start on."""

    def __init__(self, *, replay: bool) -> None:
        open_standard_files()
        self._stage = find_stage()
        self._caught = CaughtSignals(stopping=self._stage.kind != "shared")
        self._stdin = StandardInput(replay=replay)

    @property
    def ended_by(self) -> int | None:
        """See ``Host``."""
        return self._caught.ended_by

    def prepare(self, call: Call, kept: KeptOutput) -> Supervisor:
        """See ``Host``."""
        return Supervisor(call, self._stage, self._caught, self._stdin, kept)

    def obstacle(self) -> str:
        """See ``Host``."""
        return self._stdin.obstacle()

    def wait(self, seconds: float, tell: Callable[[float], None]) -> bool:
        """See ``Host``; Ctrl-Z stops us meanwhile."""
        until = time.monotonic() + seconds
        while True:
            stopped, left = self._is_stopped(), until - time.monotonic()
            tell(0.0 if stopped else max(0.0, left))
            if stopped or left <= 0:
                return not stopped
            select.select([self._caught.fd], [], [], min(left, left % 1 or 1.0))

    def can_ask(self) -> bool:
        """See ``Host``."""
        return is_attended()

    def ask(self, show: Callable[[], None], seconds: float | None) -> str:
        """See ``Host``; Ctrl-Z stops us meanwhile."""
        until = None if seconds is None else time.monotonic() + seconds
        termios.tcflush(0, termios.TCIFLUSH)  # what was typed before the question is no answer to it
        show()
        while not self._is_stopped():
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                break
            if 0 in select.select([0, self._caught.fd], [], [], left)[0]:
                return os.read(0, _ANSWER_BYTES).decode("utf-8", "replace")
        return ""

    def carry_out(self, work: Callable[[Event], T]) -> T:
        """See ``Host``; Ctrl-Z stops us meanwhile, but no step that is at work."""
        from .stoppable_work import do_stoppably

        return do_stoppably(work, self._is_stopped)

    def leave_behind(self, work: Callable[[], None]) -> None:
        """See ``Host``; it is done by a process of its own."""
        if os.fork():
            return
        try:
            self._caught.release()
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDWR)
            for fd in range(3):
                os.dup2(nothing, fd)
            os.nice(10)
            work()
        finally:
            os._exit(0)

    def release(self) -> None:
        """See ``Host``."""
        self._caught.release()

    def _is_stopped(self) -> bool:
        for number in self._caught.take():
            if number == signal.SIGTSTP:
                stop_self()
        return bool(self.ended_by)
