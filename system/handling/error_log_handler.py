"""A handler for ``logging``: errors that a program logs are handled in the background."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .background_handling import BackgroundHandling
from .error_text import describe_object
from .guarding import guarded
from .handled_errors import is_handled, mark_handled

if TYPE_CHECKING:
    from .error_handling_system import ErrorHandlingSystem

CAPACITY = 1000
_OWN = "errclass"


class ErrorLogHandler(logging.Handler):
    """Handle the exceptions of records of at least ``level``, one after the other in a thread of its own.

    At most ``capacity`` of them wait; ``left_out`` counts the others. Records without an exception, and those of
    errclass itself, are passed over, and an error that was handled already is not handled again; what is logged within
    a guard is the guard's. ``close`` takes up to ``seconds`` for what still waits.
    """

    def __init__(
        self,
        system: ErrorHandlingSystem,
        level: int | str = logging.ERROR,
        *,
        capacity: int = CAPACITY,
        seconds: float = 5.0,
    ) -> None:
        super().__init__(level)
        self._background = BackgroundHandling(system, capacity)
        self._seconds = seconds

    @property
    def left_out(self) -> int:
        """Errors for which there was no room, or no time at the end."""
        return self._background.left_out

    def emit(self, record: logging.LogRecord) -> None:
        """Have the record's exception handled."""
        if self._background.is_own_thread or guarded.get() or record.name.partition(".")[0] == _OWN:
            return
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, Exception) or is_handled(error):
            return
        said = {"source": "logging", "logger": record.name, "logged": describe_object(record.msg)}
        if self._background.put(error, said):
            mark_handled(error)

    def close(self) -> None:
        """Handle what waits, and end."""
        self._background.close(self._seconds)
        super().close()
