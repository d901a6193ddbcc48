"""Spans of time as people write them."""

from __future__ import annotations

import re
from datetime import timedelta

from .errors import UsageError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST_DAYS = 36_500


def parse_duration(text: str) -> timedelta:
    """Return the span that ``30s``, ``15m``, ``24h``, ``7d`` or ``2w`` names; more than nothing, at most 36500 days.

    Raises UsageError for anything else: an unknown window is never taken for a usual one.
    """
    found = re.fullmatch(r"([0-9]{1,9})([smhdw])", text.strip().lower())
    try:
        span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
    except OverflowError:
        span = timedelta()
    if not timedelta() < span <= timedelta(days=_LONGEST_DAYS):
        raise UsageError(f"{text!r} is no span of time; write a number and s, m, h, d or w, such as 24h or 30d")
    return span
