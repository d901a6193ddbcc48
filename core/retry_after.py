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
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _as_seconds(value)
    text = _read_text(value).strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return _as_seconds(text)
    return _parse_date(text, now)


def find_retry_after(headers: Mapping[str, Any] | Any, now: datetime | None = None) -> float | None:
    """Return seconds to wait from the headers of a response, whatever their case; None where they ask for nothing."""
    if headers is None:
        return None
    values = _lower(headers)
    asked = values.get("retry-after")
    return None if asked is None else parse_retry_after(asked, _parse_http_date(_read_text(values.get("date"))) or now)


def _as_seconds(number: float | str) -> float | None:
    try:
        seconds = float(number)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _lower(headers: Any) -> dict[str, Any]:
    try:
        return {_read_text(name).lower(): value for name, value in dict(headers).items()}
    except Exception:  # noqa: BLE001 - a foreign mapping may raise anything, and describing a failure must not
        return {}


def _read_text(value: Any) -> str:
    """Return text or bytes as text, and nothing of anything else."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def _parse_date(text: str, now: datetime | None) -> float | None:
    date = _parse_http_date(text)
    return None if date is None else max(0.0, (date - (now or utc_now())).total_seconds())


def _parse_http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
