"""The pipes and terminals between a command and our own standard files."""

from __future__ import annotations

import os

from .kept_output import KeptOutput
from .signals import interrupt_others
from .stage import Stage
from .standard_input import StandardInput
from .streams import Pump, Sink, make_pipe
from .terminal import Terminal, copy_size, interrupts, open_copy, open_screen

_NAMES = {1: "stdout", 2: "stderr"}


class Wiring:
    """Hold both ends of everything between one call and us."""

    def __init__(self, stage: Stage, stdin: StandardInput, kept: KeptOutput) -> None:
        self._stage, self._kept = stage, kept
        self.outputs: list[Pump] = []
        self.keys: Pump | None = None
        """Carries what is typed."""
        self.screen: int | None = None
        """Our end of the command's terminal."""
        self.theirs: int | None = None
        """The command's end of it."""
        self.interrupted = False
        """Whether a key was typed that interrupts the command."""
        first, self.feed = stdin.connect()
        self.files = [first, -1, -1]
        """The command's standard files."""
        if stage.terminal:
            self._connect_terminal(stage.terminal)
        for fd in (1, 2):
            self.files[fd] = self._connect_output(fd)

    def close_theirs(self) -> None:
        """Close what the command holds now."""
        for fd in {*self.files, *([self.theirs] if self.theirs else [])} - {0}:
            os.close(fd)

    def close(self) -> None:
        """Close what is ours."""
        if self.feed:
            self.feed.sink.close()
        for pump in self.outputs:
            pump.close()
            pump.sink.close()

    def resize(self) -> None:
        """Tell the command's terminal how large ours is."""
        if self.screen is not None:
            copy_size(
                self._stage.terminal.fd if self._stage.terminal else 1 if self._stage.screens[0] else 2, self.screen
            )

    def _connect_terminal(self, terminal: Terminal) -> None:
        self.screen, self.theirs = open_copy(terminal)
        if os.isatty(0):
            self.files[0] = self.theirs
        self.keys = Pump(terminal.fd, Sink(self.screen, ours=True), self._look_at_keys)

    def _look_at_keys(self, keys: bytes) -> None:
        if self.screen is not None and interrupts(self.screen, keys):
            self.interrupted = True
            interrupt_others()

    def _connect_output(self, fd: int) -> int:
        """Return the command's end of standard output or standard error."""
        if fd == 2 and _same_file(1, 2):  # order is kept only within one pipe
            return self.files[1]
        if self._stage.screens[fd - 1]:
            return self._connect_screen(fd)
        reader, writer = make_pipe()
        self._carry(reader, fd)
        return writer

    def _connect_screen(self, fd: int) -> int:
        screen, theirs = self.screen, self.theirs
        if screen is None or theirs is None:
            screen, theirs = self.screen, self.theirs = open_screen(fd)
        if not any(pump.source == screen for pump in self.outputs):
            self._carry(screen, fd)
        return theirs

    def _carry(self, source: int, fd: int) -> None:
        self.outputs.append(Pump(source, Sink(fd), lambda data: self._kept.add(_NAMES[fd], data)))


def _same_file(one: int, other: int) -> bool:
    a, b = os.fstat(one), os.fstat(other)
    return (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino)
