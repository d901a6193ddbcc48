"""Turn this process into the command."""

from __future__ import annotations

import os
import signal


def become_command(command: tuple[str, ...]) -> None:
    """Be the command from now on; return where that cannot be done, as where the command is not there."""
    if os.name != "posix":  # elsewhere whoever waits for us would take us for ended
        return
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores these, and the command would too
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606 - it is what the user told us to run
    except OSError:
        return
