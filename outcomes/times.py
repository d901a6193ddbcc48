"""Times as the store keeps them: in UTC, without offset."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(time: datetime) -> str:
    """Return ``time`` in UTC as ISO 8601 without offset; a naive time is taken to be UTC already."""
    return to_naive_utc(time).isoformat()


def to_naive_utc(time: datetime) -> datetime:
    """Return ``time`` in UTC without its zone, as the history keeps it."""
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def from_naive_utc(time: datetime) -> datetime:
    """Return a time of the history with its zone."""
    return time.replace(tzinfo=UTC)
