"""Signals to us: caught, handed out in order, and how to die by one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""By these somebody stops a run."""
KEYS = (signal.SIGINT, signal.SIGQUIT)
"""These come from the terminal, to all programs in its foreground."""
_STOPPING = (signal.SIGTSTP, signal.SIGCONT)
_OTHERS = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH)
_NOT_PYTHONS = (signal.SIGPIPE, signal.SIGXFSZ)
"""Python ignores these; what it starts would too."""


class CaughtSignals:
    """Catch signals to this process from now on; what was ignored stays ignored.

    ``fd`` becomes readable when one has come. Without ``stopping`` Ctrl-Z stops us as it does any program.
    """

    def __init__(self, *, stopping: bool = True) -> None:
        self.fd, self._writer = os.pipe()
        self.ended_by: int | None = None
        """The first signal by which somebody stops the run."""
        os.set_blocking(self.fd, False)
        os.set_blocking(self._writer, False)
        self._old_writer = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        wanted = [*ENDING, *_OTHERS, *(_STOPPING if stopping else ())]
        caught = [signal.SIGCHLD, *(number for number in wanted if signal.getsignal(number) != signal.SIG_IGN)]
        self._before = {number: signal.signal(number, _do_nothing) for number in caught}

    def take(self) -> bytes:
        """Return the numbers of the signals that have come since, oldest first."""
        try:
            numbers = os.read(self.fd, 4096)
        except BlockingIOError:
            return b""
        self.ended_by = self.ended_by or next((number for number in numbers if number in ENDING), None)
        return numbers

    def release(self) -> None:
        """Leave signals to what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_writer)
        os.close(self.fd)
        os.close(self._writer)

    def reset(self) -> None:
        """Give a program that is about to start the signals as we were started with them, within ``held``."""
        signal.set_wakeup_fd(-1)
        for number in (*self._before, *_NOT_PYTHONS):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self._before)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let signals wait until the block ends: between fork and exec they would get lost."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, self._before)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Be there, so that the signal wakes us."""


def stop_self() -> None:
    """Stop this job as Ctrl-Z does, and come back once it goes on."""
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    os.kill(0, signal.SIGTSTP)
    signal.signal(signal.SIGTSTP, before)


def interrupt_others() -> None:
    """Interrupt the rest of our process group, as Ctrl-C does: a script that runs us, the rest of a pipeline."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.kill(0, signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def die_by(number: int) -> None:
    """End this process by a signal, as whoever waits for it expects of one that was interrupted."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


@contextmanager
def as_background() -> Iterator[None]:
    """Let this process change a terminal whose foreground it is not in, which would stop it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
