"""What a report shows that has nothing to tell."""

from __future__ import annotations

from datetime import datetime

from .sections import Section
from .wording import write_time

_NEVER = "Nothing was ever recorded in this store: errclass run, errclass outcomes record or a program have to fill it."


def show_nothing(known_from: datetime | None) -> Section:
    """Return the section that says so; ``known_from`` is when the store begins, None where it is empty."""
    return Section("Nothing to report", notes=(_NEVER if known_from is None else _say_begin(known_from),))


def _say_begin(known_from: datetime) -> str:
    return f"Nothing that fits was recorded in this window; the store begins at {write_time(known_from)}."
