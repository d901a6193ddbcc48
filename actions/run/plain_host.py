"""Run commands where there are no terminals, process groups and signals as on Linux: pipes and threads alone."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from .kept_output import KeptOutput
from .plain_call import PlainCall
from .values import Call

if TYPE_CHECKING:
    from threading import Event

READ_AWAY = "the command may have read its standard input, which cannot be kept here"
_LOOK_SECONDS = 0.1
T = TypeVar("T")


class PlainHost:
    """See ``Host``. Standard input is handed on as it is, whatever ``replay`` says."""

    def __init__(self, *, replay: bool) -> None:
        del replay  # there is no way to tell where the command's reading ends
        self._ended_by: int | None = None
        numbers = [signal.SIGINT, signal.SIGTERM]
        self._before = {number: signal.signal(number, self._note) for number in numbers}
        self._place = _find_place()

    @property
    def ended_by(self) -> int | None:
        """See ``Host``."""
        return self._ended_by

    def prepare(self, call: Call, kept: KeptOutput) -> PlainCall:
        """See ``Host``."""
        return PlainCall(call, kept, lambda: self._ended_by)

    def obstacle(self) -> str:
        """See ``Host``."""
        return "" if self._place is not None and self._place == _find_place() else READ_AWAY

    def wait(self, seconds: float, tell: Callable[[float], None]) -> bool:
        """See ``Host``."""
        until = time.monotonic() + seconds
        while not self._ended_by and (left := until - time.monotonic()) > 0:
            tell(left)
            time.sleep(min(left, _LOOK_SECONDS))
        tell(0.0)
        return not self._ended_by

    def can_ask(self) -> bool:
        """See ``Host``; there is no way to stop waiting for an answer."""
        return False

    def ask(self, show: Callable[[], None], seconds: float | None) -> str:
        """See ``Host``."""
        return ""

    def carry_out(self, work: Callable[[Event], T]) -> T:
        """See ``Host``."""
        from .stoppable_work import do_stoppably

        return do_stoppably(work, lambda: bool(self._ended_by))

    def leave_behind(self, work: Callable[[], None]) -> None:
        """See ``Host``; it is done now, for want of a process to leave behind."""
        work()

    def release(self) -> None:
        """See ``Host``."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._ended_by = self._ended_by or number


def _find_place() -> int | None:
    """Return what changes when standard input is read, if anything does; None where that cannot be told."""
    try:
        mode = os.fstat(0).st_mode
        if stat.S_ISCHR(mode):  # a terminal, or nothing
            return 0
        return os.lseek(0, 0, os.SEEK_CUR) if stat.S_ISREG(mode) else None
    except OSError:
        return None
