"""Our decisions inside of backoff."""

from __future__ import annotations

import asyncio
from typing import Any

import backoff
import pytest

from errclass.actions.retry import RetryPolicy, decide_by
from errclass.actions.retry.adapters import BackoffGiveup


class Down:
    """Never answer."""

    def __init__(self, error: Exception) -> None:
        self.calls = 0
        self._error = error

    def __call__(self) -> None:
        self.calls += 1
        raise self._error

    async def later(self) -> None:
        self()


CASES: list[Any] = [
    (ConnectionError("refused"), None, 3),
    (ValueError("bad"), None, 1),
    (ConnectionError("refused"), "irreversible", 1),
    (ConnectionError("refused"), "idempotent", 3),
]


@pytest.mark.parametrize(("error", "effect", "calls"), CASES)
def test_it_gives_up_on_what_is_not_worth_it(error: Exception, effect: str | None, calls: int) -> None:
    """Functions and coroutines; tries are backoff's own."""
    giveup = BackoffGiveup(RetryPolicy(decide_by(ConnectionError), "deploy", effect=effect))
    retrying = backoff.on_exception(backoff.constant, Exception, giveup=giveup, max_tries=3, interval=0, jitter=None)
    function, coroutine = Down(error), Down(error)
    with pytest.raises(type(error)):
        retrying(function.__call__)()
    with pytest.raises(type(error)):
        asyncio.run(retrying(coroutine.later)())
    assert (calls, calls) == (function.calls, coroutine.calls)
