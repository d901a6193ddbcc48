"""Retries in tests: no waits, and as many attempts as a test can bear."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

import errclass
from errclass.testing import quick_retries


class Down:
    """Count the calls of something that never answers."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1
        raise ConnectionError("refused")

    async def later(self) -> None:
        self()


PATIENT: dict[str, Any] = {
    "on": ConnectionError,
    "wait_initial": 3_600,
    "wait_max": 7_200,
    "jitter": "none",
    "budget": False,
}


@pytest.fixture
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that sleeps."""
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it slept"))
    return


@pytest.mark.parametrize(("given", "limit", "calls"), [(5, None, 5), (5, 2, 2), (2, 5, 2), (None, 1, 1)])
def test_nothing_waits(no_sleep: None, given: int | None, limit: int | None, calls: int) -> None:
    """The smaller number of attempts counts; an hour's wait takes no time."""
    down = Down()
    retried = errclass.retry(attempts=given, **PATIENT)(down.__call__)
    with quick_retries(limit), pytest.raises(ConnectionError):
        retried()
    assert calls == down.calls


def test_nothing_waits_in_a_task() -> None:
    """Likewise."""
    down = Down()
    retried = errclass.retry(attempts=3, **PATIENT)(down.later)
    with quick_retries(), pytest.raises(ConnectionError):
        asyncio.run(retried())
    assert 3 == down.calls


def test_blocks_do_not_wait_either() -> None:
    """They are executors too."""
    down = Down()

    def work() -> None:
        for attempt in errclass.retry_context(attempts=9, operation="quick-block", **PATIENT):
            with attempt:
                down()

    with quick_retries(attempts=4), pytest.raises(ConnectionError):
        work()
    assert 4 == down.calls


def test_the_outer_one_is_back_when_the_inner_one_ends() -> None:
    """They nest."""
    down = Down()
    retried = errclass.retry(attempts=9, operation="quick-nested", **PATIENT)(down.__call__)
    with quick_retries(attempts=2):
        with quick_retries(attempts=1), pytest.raises(ConnectionError):
            retried()
        with pytest.raises(ConnectionError):
            retried()
    assert 1 + 2 == down.calls


def test_no_call_at_all_is_refused() -> None:
    """As of a retry itself."""
    with pytest.raises(errclass.UsageError, match="at least 1 call"), quick_retries(0):
        pass
