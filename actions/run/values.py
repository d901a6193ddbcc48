"""The values of a run: what is to be called, and how a call ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Self

SIGNAL_BASE = 128
"""Added to the number of the signal that ended a command, as shells do."""
NOT_FOUND, NOT_STARTED = 127, 126
"""Exit codes of shells for a command that is not there, and one that cannot be started."""
KILL_GRACE = 5.0
"""Seconds between the polite end of a call whose time is up and the hard one."""
DRAIN_SECONDS = 0.5
"""How long what others still write is waited for, once the command has ended."""


class Call(NamedTuple):
    """Describe one call of a command."""

    command: tuple[str, ...]
    environ: Mapping[str, str]
    timeout: float | None = None
    """Seconds after which it is ended; None: never."""


class Ended(NamedTuple):
    """Hold how one call ended."""

    status: int
    """Its exit code, or the number of the signal that ended it, negative."""
    started: float
    """Seconds since the epoch, as is ``ended``."""
    ended: float
    timed_out: bool = False
    """Whether it was ended because its time was up."""
    cancelled_by: int | None = None
    """The signal by which somebody stopped the run, or Ctrl-C was meant to."""
    reader_gone: bool = False
    """Whether nobody read our output any more."""
    missing: str = ""
    """Why it could not be started."""

    @classmethod
    def refused(cls, error: OSError, started: float) -> Self:
        """Return how a call ended that could not be started."""
        status = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_STARTED
        return cls(status, started, time.time(), missing=error.strerror or str(error))

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return self.ended - self.started

    @property
    def exit_code(self) -> int:
        """Return the exit code as a shell gives it: 128 + n for one that signal n ended."""
        return self.status if self.status >= 0 else SIGNAL_BASE - self.status
