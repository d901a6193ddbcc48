"""The user's terminal: handed to a command and taken back, whatever happens in between."""

from __future__ import annotations

import fcntl
import os
import termios
from typing import Any

from .signals import as_background

Modes = list[Any]
_SIZE_BYTES = 8


class Terminal:
    """Hold a terminal with the modes that it had."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.modes: Modes | None = termios.tcgetattr(fd) if self.ours else None
        """As they are while we have it; in the background they are those that somebody else needs."""
        self.handed_over = False
        """Whether keys are passed on."""

    @property
    def ours(self) -> bool:
        """Whether we are in its foreground; in the background we may neither read nor change it."""
        try:
            return os.tcgetpgrp(self.fd) == os.getpgrp()
        except OSError:  # it is not the one that controls us, so that nobody contests it
            return True

    def hand_over(self) -> None:
        """Pass every key on as it is: what the keys mean is for the command's own terminal to say."""
        if self.ours and not self.handed_over:
            self.modes = termios.tcgetattr(self.fd)
            set_modes(self.fd, _raw(self.modes))
            self.handed_over = True

    def take_back(self) -> None:
        """Have it as it was."""
        if self.handed_over and self.modes:
            set_modes(self.fd, self.modes)
            self.handed_over = False


def open_copy(terminal: Terminal) -> tuple[int, int]:
    """Return a pseudo-terminal, ours and the command's end, with the size and modes of a terminal."""
    ours, theirs = os.openpty()
    if terminal.modes:
        termios.tcsetattr(theirs, termios.TCSANOW, terminal.modes)
    copy_size(terminal.fd, ours)
    os.set_blocking(ours, False)
    return ours, theirs


def open_screen(fd: int) -> tuple[int, int]:
    """Return a pseudo-terminal for output alone: what is written there comes out unchanged, for ``fd`` to lay out."""
    ours, theirs = os.openpty()
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    copy_size(fd, ours)
    os.set_blocking(ours, False)
    return ours, theirs


def copy_size(source: int, target: int) -> None:
    """Make a terminal as wide and as high as another; whoever runs there is told."""
    try:
        size = fcntl.ioctl(source, termios.TIOCGWINSZ, bytes(_SIZE_BYTES))
        fcntl.ioctl(target, termios.TIOCSWINSZ, size)
    except OSError:  # it was closed just now
        pass


def asks_for_keys(fd: int, modes: Modes | None) -> bool:
    """Tell whether what runs at a terminal changed the modes of its keys, to read single ones or secrets."""
    try:
        return modes is not None and bool(termios.tcgetattr(fd)[3] != modes[3])
    except (OSError, termios.error):
        return False


def interrupts(fd: int, keys: bytes) -> bool:
    """Tell whether keys typed into a terminal interrupt what runs there."""
    try:
        modes = termios.tcgetattr(fd)
    except (OSError, termios.error):
        return False
    return bool(modes[3] & termios.ISIG) and modes[6][termios.VINTR] in keys


def set_modes(fd: int, modes: Modes) -> None:
    """Set a terminal's modes once all output is out; nothing happens where it is gone."""
    try:
        with as_background():
            termios.tcsetattr(fd, termios.TCSADRAIN, modes)
    except (OSError, termios.error):
        pass


def _raw(modes: Modes) -> Modes:
    """Return modes in which nothing is interpreted, as ``cfmakeraw`` of the C library makes them."""
    incoming, outgoing, control, local, *speeds, characters = modes
    incoming &= ~(
        termios.IGNBRK | termios.BRKINT | termios.PARMRK | termios.ISTRIP
        | termios.INLCR | termios.IGNCR | termios.ICRNL | termios.IXON
    )  # fmt: skip
    local &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
    control = control & ~(termios.CSIZE | termios.PARENB) | termios.CS8
    return [incoming, outgoing & ~termios.OPOST, control, local, *speeds, characters]
