"""Values that a test compares are no evidence."""

from __future__ import annotations

import pytest

from errclass.classify.assertions import find_asserted
from errclass.classify.training import signals_of


@pytest.mark.parametrize(
    "line",
    [
        "E       assert 503 == 200",
        '    Received: "connect ECONNREFUSED 10.0.0.1:443"',
        "    Expected status code: 429",
        "expect(response.status).toBe(503)",
        "Expected response.StatusCode to be OK, but found TooManyRequests {value: 429}.",
        "  Expected: deadlock detected",
    ],
)
def test_what_is_compared_has_no_codes(line: str) -> None:
    """Whatever the values say: the test failed, nothing else did."""
    codes = signals_of(f"FAILED tests/test_api.py::test_it - AssertionError\n{line}").codes
    assert [] == [hit.code for hit in codes if hit.line == 2 and hit.table in ("http", "errno")]


@pytest.mark.parametrize(
    "line",
    [
        "ConnectionRefusedError: [Errno 111] Connection refused",
        "error: expected ';' before '}' token",
        "HTTP 503 Service Unavailable",
        "assertion failed: the disk is full: ENOSPC",
        "the actual error: ENOSPC",
    ],
)
def test_other_lines_are_read_whole(line: str) -> None:
    """Words of an assertion alone hide nothing."""
    assert len(line) == find_asserted(line)


def test_what_stands_before_the_values_counts() -> None:
    """The exception's own name does."""
    line = "E   AssertionError: assert 'ENOSPC' in output"
    assert line.index("assert ") + 1 == find_asserted(line)
