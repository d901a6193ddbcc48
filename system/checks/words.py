"""Counts and spans of time in words."""

from __future__ import annotations

from datetime import timedelta

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def count_things(number: int, name: str) -> str:
    """Return the number with the name, in the plural where it is not one."""
    return f"{number} {name}" if number == 1 else f"{number:,} {name}s"


def tell_span(span: timedelta) -> str:
    """Return a span in its largest unit, such as ``3 h``."""
    seconds = int(span.total_seconds())
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), (1, "s"))
    return f"{seconds // size} {unit}"
