"""Limits of requests: hosts, rates, sizes, depths."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.serve.bodies import check_depth, read_body
from errclass.serve.hosts import HostList
from errclass.serve.problem import RefusalError
from errclass.serve.rates import TokenBuckets

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


def measure_depth(value: Any) -> int:
    """Return how many lists and objects lie in each other."""
    if isinstance(value, dict):
        return 1 + max(map(measure_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(measure_depth, value), default=0)
    return 0


@given(JSON, st.integers(0, 6), st.booleans())
def test_the_depth_is_that_of_the_value(value: Any, most: int, ascii_only: bool) -> None:
    """However the texts in it look."""
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    if measure_depth(value) <= most:
        check_depth(body, most)
    else:
        with pytest.raises(RefusalError):
            check_depth(body, most)


@pytest.mark.parametrize("body", [b'"' * 999_999, b'"\\' * 500_000, b"[" * 10 + b'"' + b"[" * 999_999, b"]" * 999_999])
def test_a_body_that_is_no_json_costs_no_more_than_its_length(body: bytes) -> None:
    """It ends, one way or the other."""
    with suppress(RefusalError):
        check_depth(body, 16)


def read(parts: Iterable[bytes], declared: str | None, limit: int) -> bytes | str:
    """Return the body, or the kind of problem with it."""
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages = iter([*waiting, {"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        return next(messages)

    try:
        return asyncio.run(read_body(receive, declared, limit=limit, seconds=60))
    except RefusalError as error:
        return error.problem.kind


@pytest.mark.parametrize(
    ("parts", "declared", "expected"),
    [
        ([b"ab", b"cd"], None, b"abcd"),
        ([], "0", b""),
        ([b"12345"], "5", b"12345"),
        ([b"12345", b"6"], None, "too-large"),
        ([b"1"], "6", "too-large"),
        ([b"1"], "-1", "too-large"),
        ([b"1"], "²", "too-large"),
        ([b"1"], "9" * 5000, "too-large"),
        ([b"1"], "1, 1", "too-large"),
    ],
)
def test_a_body_is_read_up_to_its_limit(parts: list[bytes], declared: str | None, expected: bytes | str) -> None:
    """Declared or not."""
    assert expected == read(parts, declared, 5)


def test_a_bucket_fills_with_time() -> None:
    """To its brim and no further; each caller has one."""
    now = [0.0]
    buckets = TokenBuckets(2.0, 3, clock=lambda: now[0])
    assert [0.0, 0.0, 0.0, 0.5, 0.5] == [buckets.take("a") for _ in range(5)]
    assert 0.0 == buckets.take("b")
    now[0] = 0.5
    assert [0.0, 0.5] == [buckets.take("a") for _ in range(2)]
    now[0] = 1000.0
    assert [0.0, 0.0, 0.0, 0.5] == [buckets.take("a") for _ in range(4)]


@given(st.text())
def test_a_host_is_answered_or_refused(header: str) -> None:
    """Whatever it looks like, nothing else happens."""
    with suppress(RefusalError):
        HostList(()).check_host(header)


@pytest.mark.parametrize(
    "header", ["localhost.", "LocalHost:1", "10.0.0.7:8377", "[fe80::1]", "ci.example", "ci.example.:80"]
)
def test_own_names_and_addresses_are_answered(header: str) -> None:
    """With and without a port."""
    HostList(("CI.example.",)).check_host(header)
