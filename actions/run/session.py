"""Start a command in a session of its own, with a terminal of its own, and watch it from within.

A command whose parent is in another session cannot be stopped by Ctrl-Z: the kernel discards that, since nobody there
could continue it. So a small process of ours leads the session. It says what becomes of the command, a line each:
``error N``, ``pid N``, ``stopped N``, ``status N``.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import termios
import time
from collections.abc import Sequence
from typing import NoReturn

from .launching import become
from .signals import CaughtSignals, as_background
from .streams import close_all_but
from .terminal import Terminal, set_modes
from .values import Call

_SECONDS_TO_END = 5.0
_LOOK_EVERY = 0.005


def start_session(
    call: Call, files: Sequence[int], theirs: int, terminal: Terminal, caught: CaughtSignals
) -> tuple[int, int]:
    """Start a command whose terminal is ``theirs``; return its leader's process id and where the leader reports."""
    reader, writer = os.pipe()
    with caught.held():
        leader = os.fork()
        if not leader:
            _lead(call, files, theirs, terminal, caught, writer)
    os.close(writer)
    return leader, reader


def _lead(
    call: Call, files: Sequence[int], theirs: int, terminal: Terminal, caught: CaughtSignals, report: int
) -> NoReturn:
    try:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
        _restore_when_orphaned(terminal)
        pid, refused = _start(call, files, theirs, caught)
        close_all_but((terminal.fd, report, theirs))
        if refused:
            _tell(report, "error", refused)
        else:
            _tell(report, "pid", pid)
            _watch(pid, report)
        with as_background():  # whoever lives on in the foreground would hear that its terminal is gone, and end
            os.tcsetpgrp(theirs, os.getpgrp())
    finally:
        os._exit(0)


def _restore_when_orphaned(terminal: Terminal) -> None:
    """Where errclass itself was killed, give the user's terminal back, and end: that hangs up on the command."""
    parent = os.getppid()

    def restore(*_: object) -> None:
        if not _has_ended(parent):
            return
        if terminal.modes:
            set_modes(terminal.fd, terminal.modes)
        os._exit(1)

    signal.signal(signal.SIGHUP, restore)
    signal.set_wakeup_fd(-1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def _has_ended(parent: int) -> bool:
    """Say whether our parent is gone. The kernel hangs up while it still ends the parent, so it is given some time."""
    deadline = time.monotonic() + _SECONDS_TO_END
    while os.getppid() == parent:
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY)
    return True


def _start(call: Call, files: Sequence[int], theirs: int, caught: CaughtSignals) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.setpgid(0, 0)
        with as_background():
            os.tcsetpgrp(theirs, os.getpid())
        become(call, files, caught, writer, own_group=False)
    os.close(writer)
    refused = os.read(reader, 16)
    os.close(reader)
    return pid, int(refused or 0)


def _watch(pid: int, report: int) -> None:
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            _tell(report, "status", os.waitstatus_to_exitcode(status))
            return
        _tell(report, "stopped", os.WSTOPSIG(status))


def _tell(report: int, word: str, number: int) -> None:
    with contextlib.suppress(OSError):  # nobody may be there to hear it
        os.write(report, f"{word} {number}\n".encode())
