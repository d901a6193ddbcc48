"""A Retry-After of whatever response is read, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.responses import ResponseFacts, read_response
from errclass.core.retry_after import find_retry_after, parse_retry_after

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Raising(Mapping[str, Any]):
    """Headers of a client that has closed its response."""

    def __getitem__(self, name: str) -> Any:
        raise RuntimeError("closed")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("closed")

    def __len__(self) -> int:
        raise RuntimeError("closed")


class RefusedError(Exception):
    """An error of some client."""

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(7, 7), (1.5, 1.5), ("120", 120), (b" 7 ", 7), ("Fri, 02 Jan 2026 00:00:10 GMT", 10), ("Thu, 01 Jan 2026 00:00:00 GMT", 0)],
)  # fmt: skip
def test_seconds_and_dates_are_read(value: Any, seconds: float) -> None:
    """From text, bytes and numbers; a date that has passed is no wait."""
    assert seconds == parse_retry_after(value, NOW)


@pytest.mark.parametrize(
    "value",
    ["9" * 400, 10**400, -(10**400), 10**5_000, float("inf"), float("nan"), -1, "-1", True, None, [], "soon", "", b"\xff", "\u0667", "1.2.3"],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_malformed_is_ignored(value: Any) -> None:
    """Also what no float can hold."""
    assert parse_retry_after(value, NOW) is None
    assert find_retry_after({"Retry-After": value, "Date": value}, NOW) is None


@pytest.mark.parametrize(
    "headers",
    [{"RETRY-AFTER": "7"}, {b"Retry-After": b"7"}, [(b"retry-after", b"7"), (3, "x")], {"Retry-After": 7, None: "x"}],
)
def test_headers_are_found_whatever_their_kind(headers: Any) -> None:
    """Text or bytes, a mapping or pairs, in any case."""
    assert 7 == find_retry_after(headers)


def test_a_date_is_measured_from_the_response_s_own() -> None:
    """Given as bytes too."""
    headers = {b"Retry-After": b"Fri, 02 Jan 2026 00:00:10 GMT", b"Date": b"Fri, 02 Jan 2026 00:00:04 GMT"}
    assert 6 == find_retry_after(headers)


@pytest.mark.parametrize("headers", [Raising(), None, 3, "Retry-After: 7", [1, 2], {}])
def test_headers_that_are_none_ask_for_nothing(headers: Any) -> None:
    """What they raise stays with them."""
    assert find_retry_after(headers) is None


@pytest.mark.parametrize(
    ("error", "facts"),
    [
        (RefusedError(status_code=503, headers=Raising()), ResponseFacts(503)),
        (RefusedError(response=RefusedError(status=429, headers=Raising()), headers={"Retry-After": "7"}), ResponseFacts(429, None, 7)),
        (RefusedError(response=Raising()), ResponseFacts()),
        (RefusedError(response={"ResponseMetadata": Raising(), "Error": {"Code": "Throttling"}}), ResponseFacts(None, "Throttling")),
        (RefusedError(response={"ResponseMetadata": {"HTTPStatusCode": 429, "HTTPHeaders": {"retry-after": "7"}}}), ResponseFacts(429, None, 7)),
    ],
)  # fmt: skip
def test_a_response_that_raises_tells_what_else_it_knows(error: Exception, facts: ResponseFacts) -> None:
    """The user's own error is never replaced."""
    assert facts == read_response(error)


@given(st.one_of(st.text(), st.binary(), st.integers(), st.floats()))
def test_any_value_is_a_wait_or_nothing(value: Any) -> None:
    """Nothing is raised, and no wait is negative or endless."""
    found = parse_retry_after(value, NOW)
    assert found is None or 0 <= found < float("inf")
