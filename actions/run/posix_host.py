"""Run commands on Linux and macOS: with terminals, process groups and all signals."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable

from .kept_output import KeptOutput
from .signals import CaughtSignals, stop_self
from .stage import find_stage, open_standard_files
from .standard_input import StandardInput
from .supervising import Supervisor
from .values import Call


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
            for number in self._caught.take():
                if number == signal.SIGTSTP:
                    stop_self()
            left = until - time.monotonic()
            tell(0.0 if self.ended_by else max(0.0, left))
            if self.ended_by or left <= 0:
                return not self.ended_by
            select.select([self._caught.fd], [], [], min(left, left % 1 or 1.0))

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
