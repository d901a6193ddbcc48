"""Looks: kept, taken anew in the background, and never waited for longer than wanted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from errclass.core.errors import StoreError, UsageError
from errclass.serve.dashboard.looks import FRESH_SECONDS, Look, Looks
from errclass.serve.problem import RefusalError

START = datetime(2026, 5, 4, tzinfo=UTC)
LONG = 60.0


class AtOnce(Executor):
    """Do everything in place."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Clock:
    """Tell the time that a test says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


def take(looks: Looks, work: Callable[[], Any], **limits: Any) -> Look:
    """Ask for the one look that these tests are about."""
    return asyncio.run(looks.take("a", work, **limits))


def test_what_was_found_is_kept_and_looked_at_anew() -> None:
    """Whoever asks when it is old is the first to hear what is new."""
    clock, found = Clock(), iter("abc")
    looks = Looks(AtOnce(), clock=clock)
    told = []
    for clock.seconds in (0.0, FRESH_SECONDS - 0.1, FRESH_SECONDS, FRESH_SECONDS + 1):
        told.append(take(looks, lambda: next(found)).value)
    assert ["a", "a", "b", "b"] == told


def test_what_takes_long_is_looked_at_seldom() -> None:
    """At most a tenth of the time."""
    clock, count = Clock(), [0]

    def work() -> int:
        clock.seconds += 8
        count[0] += 1
        return count[0]

    looks = Looks(AtOnce(), clock=clock)
    told = [take(looks, work).value]
    for clock.seconds in (20.0, 79.0, 80.0):
        told.append(take(looks, work).value)
    assert [1, 1, 1, 2] == told


def test_nobody_waits_for_a_look_that_takes_long(pool: ThreadPoolExecutor) -> None:
    """The first is told that it is on its way, later ones see the last one."""
    may_end, clock = threading.Event(), Clock()
    looks = Looks(pool, clock=clock)

    def work() -> str:
        may_end.wait(LONG)
        return "found"

    first = take(looks, work, seconds=0.01)
    assert (None, True) == (first.value, first.looking)
    may_end.set()
    second = take(looks, work, seconds=LONG)
    assert ("found", START) == (second.value, second.taken_at)
    may_end.clear()
    clock.seconds = 1000
    third = take(looks, work, seconds=LONG)
    assert ("found", START, True) == (third.value, third.taken_at, third.looking)
    may_end.set()


def test_a_store_that_cannot_be_read_leaves_the_older_look(caplog: pytest.LogCaptureFixture) -> None:
    """With what is wrong, but not where; and it is tried again."""
    clock = Clock()
    looks = Looks(AtOnce(), clock=clock)

    def fail() -> None:
        raise StoreError("/home/somebody/store is locked")

    nothing = take(looks, fail)
    clock.seconds = 10
    good = take(looks, lambda: "good")
    clock.seconds = 20
    older = take(looks, fail)
    clock.seconds = 30
    again = take(looks, lambda: "again")
    assert [None, "good", "good", "again"] == [nothing.value, good.value, older.value, again.value]
    assert (START + timedelta(seconds=10), True, None) == (older.taken_at, bool(older.fault), again.fault)
    assert ("somebody" in caplog.text, "somebody" in str((nothing, older))) == (True, False)


def test_an_inner_fault_is_told_without_what_it_was(caplog: pytest.LogCaptureFixture) -> None:
    """The log says more."""
    look = take(Looks(AtOnce()), lambda: {}["somebody"])
    assert (None, True, False) == (look.value, bool(look.fault), "somebody" in str(look))
    assert "somebody" in caplog.text


def test_a_question_without_an_answer_is_refused() -> None:
    """Each time that it is asked."""

    def refuse() -> None:
        raise UsageError("no such thing")

    looks = Looks(AtOnce())
    for _ in range(2):
        with pytest.raises(UsageError, match="no such thing"):
            take(looks, refuse)


def test_what_was_dropped_is_looked_at_at_once() -> None:
    """Unknown names are no fault."""
    found = iter("ab")
    looks = Looks(AtOnce(), clock=Clock())
    first = take(looks, lambda: next(found)).value
    looks.drop("a")
    looks.drop("unknown")
    assert ["a", "b"] == [first, take(looks, lambda: next(found)).value]


def test_what_was_forgotten_is_not_shown_any_more() -> None:
    """Nor is it looked at before somebody asks."""
    found = iter("ab")
    looks = Looks(AtOnce(), clock=Clock())
    assert (None, "a", "a") == (looks.peek("a"), take(looks, lambda: next(found)).value, looks.peek("a"))
    looks.forget("a")
    looks.forget("unknown")
    assert (None, "b") == (looks.peek("a"), take(looks, lambda: next(found)).value)


def test_only_so_many_looks_wait(pool: ThreadPoolExecutor) -> None:
    """Further ones are told to come again."""
    may_end = threading.Event()

    async def ask_often() -> None:
        looks = Looks(pool)
        for number in range(100):
            await looks.take(number, lambda: may_end.wait(LONG), seconds=0)

    with pytest.raises(RefusalError):
        asyncio.run(ask_often())
    may_end.set()
