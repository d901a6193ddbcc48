"""Start a command as a child, in a group of its own or in ours."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NoReturn

from .signals import CaughtSignals
from .values import Call


def start_child(call: Call, files: Sequence[int], caught: CaughtSignals, *, own_group: bool) -> int:
    """Start a command with its standard files and return its process id; raise OSError where it cannot be started."""
    reader, writer = os.pipe()
    with caught.held():
        pid = os.fork()
        if not pid:
            become(call, files, caught, writer, own_group=own_group)
    os.close(writer)
    # Nothing is written by one that started, for the pipe closes with that.
    refused = os.read(reader, 16)
    os.close(reader)
    if refused:
        os.waitpid(pid, 0)
        raise OSError(int(refused), os.strerror(int(refused)))
    return pid


def become(call: Call, files: Sequence[int], caught: CaughtSignals, report: int, *, own_group: bool) -> NoReturn:
    """Turn this process, fresh from a fork, into the command; where that fails, write the error's number and end."""
    try:
        if own_group:
            os.setpgid(0, 0)
        for target, fd in enumerate(files):
            _place(fd, target)
        caught.reset()
        os.execvpe(call.command[0], call.command, call.environ)  # noqa: S606 - it is what the user told us to run
    except OSError as error:
        os.write(report, str(error.errno).encode())
    finally:
        os._exit(127)


def _place(fd: int, target: int) -> None:
    if fd == target:
        os.set_inheritable(fd, True)
    else:
        os.dup2(fd, target)
