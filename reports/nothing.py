"""What reports say where there is nothing to report."""

from __future__ import annotations

from datetime import datetime

from .sections import Section
from .wording import write_time

_NEVER = "Nothing was ever recorded in this store: errclass run, errclass outcomes record or a program have to fill it."


def show_nothing(known_from: datetime | None) -> tuple[Section, ...]:
    """Return the only section: that there is nothing, and where the store begins, in case the window is the mistake."""
    note = _NEVER
    if known_from is not None:
        note = f"Nothing that fits was recorded in this window; the store begins at {write_time(known_from)}."
    return (Section("Nothing to report", notes=(note,)),)
