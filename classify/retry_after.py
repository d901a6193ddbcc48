"""Find how long the other side asked to wait."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..core.text import fold_case

MAX_SECONDS = 86_400.0
"""A longer wait is no retry any more; it is cut to a day."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_UNIT = r"(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)(?![a-z])"
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
# "90", "1m30s", "2 minutes 5 seconds"; a bare number is seconds, unless it counts something ("after 3 attempts").
_LENGTH = rf"(?P<length>(?:{_NUMBER} ?{_UNIT}[ ,]?)+|{_NUMBER}(?![\d.]* ?[a-z%/]))"
_DELAY = re.compile(
    r"(?i)(?:\bretry[-_ ]?after['\"]?(?:[ :=]{1,3}(?:in )?|: ?['\"]|\()['\"]?"
    r"|\b(?:try|retry)(?:ing)?(?: again)? (?:in|after) "
    rf"|\bretry_?delay['\"]?[ :=]{{1,3}}['\"]?|\bwait (?:for |at least )?){_LENGTH}"
)
_PART = re.compile(rf"(?i)({_NUMBER}) ?({_UNIT})?")
_DATE = re.compile(r"(?i)\bretry-after: ?((?:mon|tue|wed|thu|fri|sat|sun), \d{2} \w{3} \d{4} \d\d:\d\d:\d\d gmt)")


def find_retry_after(text: str, *, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header or a message asks to wait, 0 to a day; None without one."""
    folded = fold_case(text)
    if "try" not in folded and "wait" not in folded:  # each wording above holds one
        return None
    if match := _DATE.search(text):
        return _until(match[1], now)
    match = _DELAY.search(text)
    if match is None:
        return None
    return min(sum(float(number) * _factor(unit) for number, unit in _PART.findall(match["length"])), MAX_SECONDS)


def names_a_date(text: str) -> bool:
    """Tell whether what ``find_retry_after`` returns depends on when it is asked."""
    return _DATE.search(text) is not None


def _factor(unit: str) -> float:
    unit = unit.lower() or "s"
    return _UNITS["ms" if unit.startswith(("ms", "milli")) else unit[0]]


def _until(date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return min(max((moment.replace(tzinfo=UTC) - now).total_seconds(), 0.0), MAX_SECONDS)
