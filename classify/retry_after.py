"""Find how long the other side asked to wait."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_SECONDS = 86_400.0
"""A longer wait is no retry any more; it is cut to a day."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_NUMBER = r"(?P<number>\d{1,9}(?:\.\d{1,9})?)\s?(?P<unit>milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)?\b"
_DELAY = re.compile(
    rf"(?i)(?:\bretry[-_ ]?after['\"]?(?:[ :=]{{1,3}}(?:in )?|: ?['\"]|\()['\"]?|\b(?:try|retry)(?:ing)?(?: again)? (?:in|after) |\bretry_?delay['\"]?[ :=]{{1,3}}['\"]?|\bwait (?:for |at least )?){_NUMBER}"
)
_DATE = re.compile(r"(?i)\bretry-after: ?((?:mon|tue|wed|thu|fri|sat|sun), \d{2} \w{3} \d{4} \d\d:\d\d:\d\d gmt)")


def find_retry_after(text: str, *, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header or a message asks to wait, 0 to a day; None without one."""
    if match := _DATE.search(text):
        return _until(match[1], now)
    match = _DELAY.search(text)
    if match is None:
        return None
    unit = (match["unit"] or "s").lower()
    factor = _UNITS["ms" if unit.startswith(("ms", "milli")) else unit[0]]
    return min(float(match["number"]) * factor, MAX_SECONDS)


def _until(date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return min(max((moment.replace(tzinfo=UTC) - now).total_seconds(), 0.0), MAX_SECONDS)
