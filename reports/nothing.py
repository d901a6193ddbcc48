"""What a report shows where there is nothing to report."""

from __future__ import annotations

from datetime import datetime

from .sections import Section
from .wording import write_time


def show_nothing(known_from: datetime | None) -> tuple[Section, ...]:
    """Return the only section of a report on a window without anything; None: nothing was ever recorded."""
    note = _NEVER if known_from is None else _NOTHING.format(write_time(known_from))
    return (Section("Nothing to report", notes=(note,)),)


_NEVER = "Nothing was ever recorded in this store: errclass run, errclass outcomes record or a program have to fill it."
_NOTHING = "Nothing that fits was recorded in this window; the store begins at {}."
