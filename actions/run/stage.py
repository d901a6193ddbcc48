"""How a run stands to the terminal: whether the command gets one of its own, shares ours, or has none."""

from __future__ import annotations

import os
import stat
from typing import Literal, NamedTuple

from .terminal import Terminal

Kind = Literal["session", "shared", "group"]


class Stage(NamedTuple):
    """Say where a command runs.

    ``session``: its output goes to a terminal; it gets one of its own, and keys are passed on. ``shared``: a terminal
    controls us, but the output goes elsewhere; it stays in our process group, so that it is treated as it would be
    without us, as a part of a pipeline say. ``group``: there is no terminal; it gets a process group of its own.
    """

    kind: Kind
    terminal: Terminal | None
    screens: tuple[bool, bool]
    """Whether standard output and standard error are terminals."""
    piped: bool = False
    """Whether standard input is no terminal, so that others in our pipeline may want the keys."""


def find_stage() -> Stage:
    """Look at the standard files of this process, which must be open."""
    screens = os.isatty(1), os.isatty(2)
    if os.isatty(0) and os.isatty(1):
        return Stage("session", Terminal(0), screens)
    try:
        keyboard = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return Stage("group", None, screens)
    if os.isatty(1):
        return Stage("session", Terminal(keyboard), screens, piped=True)
    os.close(keyboard)
    return Stage("shared", None, screens)


def is_attended() -> bool:
    """Tell whether a person reads our standard error, and what they type is for us alone.

    It is not where we run in the background, nor before a pipe: a pager behind it wants the keys.
    """
    if not (os.isatty(0) and os.isatty(2)):
        return False
    mode = os.fstat(1).st_mode
    return Terminal(0).ours and not stat.S_ISFIFO(mode) and not stat.S_ISSOCK(mode)


def open_standard_files() -> None:
    """Open what is closed of the standard files on nothing: what we open would otherwise take their places."""
    while (fd := os.open(os.devnull, os.O_RDWR)) < 3:
        os.set_inheritable(fd, True)
    os.close(fd)
