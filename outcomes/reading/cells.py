"""Turn single cells of a table into values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_TRUE = frozenset(["true", "t", "yes", "y", "1", "success", "succeeded", "passed", "ok"])
_FALSE = frozenset(["false", "f", "no", "n", "0", "failure", "failed", "error"])
_ABSENT = frozenset({"", "nan", "null", "none", "n/a", "na", "-"})
_MILLISECONDS_FROM = 1e11
"""As seconds this is the year 5138, as milliseconds 1973."""


def parse_name(cell: Any) -> str | None:
    """Return the cell as a short text without blanks around it; None when it stands for nothing."""
    text = "" if cell is None else str(cell).strip()
    return None if text.casefold() in _ABSENT else text


def parse_bool(cell: Any) -> bool | None:
    """Return the cell as yes or no; None when it says neither."""
    word = str(cell).strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def parse_int(cell: Any) -> int | None:
    """Return the cell as a whole number of at most 32 bits; None when it is none."""
    try:
        number = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**32 else None


def parse_time(cell: Any) -> datetime | None:
    """Return the cell, ISO 8601 or a Unix time in s or ms, as an aware time in UTC; None when it is none."""
    try:
        time = cell if isinstance(cell, datetime) else _read_time(str(cell).strip())
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS_FROM else number, UTC)
