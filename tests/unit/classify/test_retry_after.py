"""How long the other side asked to wait is read from headers and messages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.retry_after import MAX_SECONDS, find_retry_after

NOW = datetime(2025, 3, 4, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Retry-After: 120", 120),
        ("retry-after: 1.5", 1.5),
        ("'Retry-After': '30'", 30),
        ('"retry_after": 12', 12),
        ("< retry-after: 7\n< date: x", 7),
        ("Too Many Requests: retry after 35", 35),
        ("Please retry after 60 seconds.", 60),
        ("Please try again in 20s.", 20),
        ("Please try again in 1m30s.", 90),
        ("Please try again in 1h2m3s.", 3723),
        ("try again in 2 minutes 5 seconds", 125),
        ("Please try again in 250ms.", 0.25),
        ("try again in 5 minutes", 300),
        ("retry in 2 hours", 7200),
        ('"retryDelay": "17s"', 17),
        ("please wait 45 seconds", 45),
        ("wait for at most a minute, then retry in 3 s", 3),
        ("Retry-After: 9999999", MAX_SECONDS),
        ("Retry-After: Tue, 04 Mar 2025 10:01:30 GMT", 90),
        ("Retry-After: Tue, 04 Mar 2025 09:00:00 GMT", 0),
        ("Retry-After: Wed, 04 Mar 2026 09:00:00 GMT", MAX_SECONDS),
    ],
)
def test_a_wait_is_read(text: str, seconds: float) -> None:
    """Seconds, units, sums of units and dates count; the result is 0 to a day."""
    assert seconds == pytest.approx(find_retry_after(text, now=NOW))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "429 Too Many Requests",
        "giving up after 3 attempts",
        "retry after 3 attempts failed",
        "try again after 2 failures",
        "wait for 3 pods to become ready",
        "waited 30 seconds",
        "try again later",
        "timeout after 30 seconds",
        "Retry-After: soon",
        "Retry-After: Tue, 99 Mar 2025 10:01:30 GMT",
        "the retry took 30 s",
    ],
)
def test_no_wait_is_invented(text: str) -> None:
    """Counts, spent time and vague advice give nothing."""
    assert find_retry_after(text, now=NOW) is None


@given(st.text(max_size=200))
def test_any_text_gives_a_bounded_wait_or_none(text: str) -> None:
    """No text raises, and no wait is negative or longer than a day."""
    found = find_retry_after(f"retry after {text}", now=NOW)
    assert found is None or 0 <= found <= MAX_SECONDS
