"""Spans of time as options give them."""

from __future__ import annotations

from datetime import timedelta

from ..actions.retry.option_checks import check_seconds
from ..core.durations import parse_duration
from ..core.errors import UsageError

Span = float | str | timedelta
"""Seconds, a text such as ``30s`` or ``5m``, or a timedelta."""


def to_seconds(name: str, span: Span | None) -> float | None:
    """Return the seconds of an option, None where it was not given; raises UsageError that names it."""
    if span is None:
        return None
    if isinstance(span, str):
        return _parse(name, span)
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    check_seconds(name, seconds)
    return float(seconds)


def _parse(name: str, text: str) -> float:
    try:
        return parse_duration(text).total_seconds()
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
