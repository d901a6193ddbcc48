"""Spans of time are read as written, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from errclass.core.durations import parse_duration
from errclass.core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(days=1)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        (" 24H ", timedelta(days=1)),
        ("36500d", timedelta(days=36_500)),
    ],
)
def test_a_number_and_a_unit_are_a_span(text: str, span: timedelta) -> None:
    """Seconds, minutes, hours, days, weeks."""
    assert span == parse_duration(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "d",
        "0d",
        "-1d",
        "1.5h",
        "1 d",
        "1y",
        "1d12h",
        "yesterday",
        "٣d",
        "36501d",
        "999999999w",
        "9" * 40 + "d",
    ],
)
def test_anything_else_is_a_mistake(text: str) -> None:
    """It is never taken for some usual window."""
    with pytest.raises(UsageError, match="such as 24h or 30d"):
        parse_duration(text)
