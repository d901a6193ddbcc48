"""How long the other side asks to wait: a Retry-After header (RFC 9110, 10.2.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from .clock import utc_now


def parse_retry_after(value: Any, now: datetime | None = None) -> float | None:
    """Return seconds to wait, from a number of seconds or an HTTP date; 0 for a past one, None for anything else.

    ``now`` is what a date is compared with: the response's own Date where it has one.
    """
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) and value >= 0 else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    return _parse_date(text, now)


def find_retry_after(headers: Mapping[str, Any] | Any, now: datetime | None = None) -> float | None:
    """Return seconds to wait from the headers of a response, whatever their case; None where they ask for nothing."""
    values = _lower(headers)
    date = _parse_http_date(str(values.get("date", "")))
    return parse_retry_after(values.get("retry-after"), date or now)


def _lower(headers: Any) -> dict[str, Any]:
    try:
        return {str(name).lower(): value for name, value in dict(headers).items()}
    except (TypeError, ValueError):
        return {}


def _parse_date(text: str, now: datetime | None) -> float | None:
    date = _parse_http_date(text)
    return None if date is None else max(0.0, (date - (now or utc_now())).total_seconds())


def _parse_http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
