"""What retries do at the edges: nesting that ends, waits that are broken off, blocks that are left, faults of the user's own."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import CancelledError
from typing import Any

import httpx
import pytest
from support.retry_calls import Flaky, make_executor, make_flow

from errclass.actions.breaker import BreakerOptions, CircuitBreaker, FailuresInWindow
from errclass.actions.retry import (
    AttemptState,
    Backoff,
    BlockAttempts,
    BudgetOptions,
    CallCounter,
    Executor,
    Flow,
    Naps,
    RetryBudget,
    RetryPolicy,
    Verdict,
    decide_by,
)
from errclass.core.errors import CircuitOpenError
from errclass.testing.clock import FakeClock

ONE_STRIKE = BreakerOptions(FailuresInWindow(1, 300))


@pytest.fixture
def clock() -> FakeClock:
    """A clock that is put forward by sleeping."""
    return FakeClock(100)


def test_a_task_that_outlives_the_call_that_started_it_is_retried(clock: FakeClock) -> None:
    """It is nested only as long as there is something around it."""
    outer, inner, failing = make_executor(clock), make_executor(clock), Flaky(2)
    go = asyncio.Event()

    async def pump() -> str:
        await go.wait()
        return await inner.acall(failing.later)

    async def connect() -> asyncio.Task[str]:
        return asyncio.create_task(pump())

    async def work() -> str:
        task = await outer.acall(connect)
        go.set()
        return await task

    assert ("ok", 3) == (asyncio.run(work()), failing.calls)


def test_tasks_within_an_attempt_are_nested(clock: FakeClock) -> None:
    """Children of a gather: the outer one tries again, not each of them."""
    outer, inner, failing = make_executor(clock, attempts=3), make_executor(clock, attempts=3), Flaky()

    async def both() -> list[str]:
        return await asyncio.gather(inner.acall(failing.later), inner.acall(failing.later))

    with pytest.raises(ConnectionError):
        asyncio.run(outer.acall(both))
    assert 3 * 2 == failing.calls


@pytest.mark.parametrize("options", [{"attempts": 1}, {"effect": "irreversible"}])
def test_what_cannot_be_retried_leaves_retries_to_what_it_calls(options: dict[str, Any], clock: FakeClock) -> None:
    """Nothing would be multiplied."""
    inner, failing = make_executor(clock), Flaky(2)
    assert ("ok", 3) == (make_executor(clock, **options).call(inner.call, failing), failing.calls)


def test_a_retry_within_a_retry_that_calls_once_is_still_nested(clock: FakeClock) -> None:
    """The outermost one is alive."""
    outer, middle, inner = make_executor(clock, attempts=2), make_executor(clock, attempts=1), make_executor(clock)
    failing = Flaky()
    with pytest.raises(ConnectionError):
        outer.call(middle.call, inner.call, failing)
    assert 2 == failing.calls


def test_a_block_around_a_yield_ends_in_another_task(clock: FakeClock) -> None:
    """The breaker hears of it, and nothing else is raised."""
    breaker = CircuitBreaker(options=ONE_STRIKE, clock=clock)

    async def numbers() -> AsyncIterator[int]:
        async for attempt in BlockAttempts(make_flow(clock, breaker=breaker), Naps(asleep=clock.asleep)):
            with attempt:
                yield 1

    async def work() -> None:
        stream = numbers()
        assert 1 == await asyncio.create_task(anext(stream))  # type: ignore[arg-type] # a coroutine at run time
        with contextlib.suppress(StopAsyncIteration):
            await asyncio.create_task(anext(stream))  # type: ignore[arg-type] # likewise

    asyncio.run(work())
    assert 1 == breaker.status().success_count


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_while_it_is_decided_frees_the_trial(interrupt: type[BaseException], clock: FakeClock) -> None:
    """The model may be loading just then."""
    breaker = CircuitBreaker(options=ONE_STRIKE, clock=clock)

    def decide(error: Exception, state: AttemptState) -> Verdict:
        raise interrupt

    with pytest.raises(ConnectionError):
        breaker.call(Flaky())
    clock.sleep(60)
    with pytest.raises(interrupt):
        make_executor(clock, decide=decide, breaker=breaker).call(Flaky())
    assert ("ok", 0) == (breaker.call(lambda: "ok"), breaker.status().half_open_calls)


def make_status_error(status: int, **headers: str) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", "http://localhost/")
    response = httpx.Response(status, headers=headers, request=request)
    return httpx.HTTPStatusError(str(status), request=request, response=response)


def test_a_rate_limit_is_waited_for_and_tells_the_breaker_nothing(clock: FakeClock) -> None:
    """Also where the user says which errors, and at the price of throttling."""
    breaker, budget = CircuitBreaker(options=ONE_STRIKE, clock=clock), RetryBudget(BudgetOptions(), clock=clock)
    failing = Flaky(1, make_status_error(429, **{"Retry-After": "7"}))
    executor = make_executor(clock, decide=decide_by(httpx.HTTPStatusError), breaker=breaker, budget=budget)
    assert ("ok", 107.125, "closed") == (executor.call(failing), clock(), breaker.state)
    with pytest.raises(httpx.HTTPStatusError):
        make_executor(clock, decide=decide_by(lambda _: True), attempts=2, breaker=breaker, budget=budget).call(
            Flaky(9, make_status_error(429))
        )
    assert (500 - 5, "closed") == (budget.tokens, breaker.state)


def test_other_statuses_keep_their_retry_after_and_open_the_breaker(clock: FakeClock) -> None:
    """A 503 is the other side's illness."""
    breaker = CircuitBreaker(clock=clock)
    failing = Flaky(1, make_status_error(503, **{"Retry-After": "7"}))
    assert "ok" == make_executor(clock, decide=decide_by(httpx.HTTPStatusError), breaker=breaker).call(failing)
    assert (107.125, 1) == (clock(), breaker.status().failure_count)


def test_a_refused_attempt_of_a_block_has_the_last_error_as_its_cause(clock: FakeClock) -> None:
    """Of whoever opened the breaker while it waited."""
    breaker = CircuitBreaker(clock=clock)

    def wait(seconds: float) -> None:
        breaker.force_open()

    def work() -> None:
        for attempt in BlockAttempts(make_flow(clock, breaker=breaker), Naps(sleep=wait)):
            with attempt:
                raise ConnectionError("refused")

    with pytest.raises(CircuitOpenError) as caught:
        work()
    assert "refused" == str(caught.value.__cause__)


def run_block(attempts: BlockAttempts) -> None:
    for attempt in attempts:
        with attempt:
            Flaky()()


def break_off(_: float) -> None:
    raise KeyboardInterrupt


async def break_off_later(_: float) -> None:
    raise asyncio.CancelledError


def test_a_wait_that_is_broken_off_costs_nothing(clock: FakeClock) -> None:
    """The attempt that was paid for is not made: in a call, a coroutine and a block."""
    budget = RetryBudget(BudgetOptions(capacity=100), clock=clock)
    flow, naps = make_flow(clock, budget=budget), Naps(sleep=break_off, asleep=break_off_later)
    with pytest.raises(KeyboardInterrupt):
        Executor(flow, naps).call(Flaky())
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Executor(flow, naps).acall(Flaky().later))
    with pytest.raises(KeyboardInterrupt):
        run_block(BlockAttempts(flow, naps))
    assert 100 == budget.tokens


def test_a_refused_attempt_costs_nothing(clock: FakeClock) -> None:
    """Where the breaker opened during the wait."""
    breaker, budget = CircuitBreaker(clock=clock), RetryBudget(BudgetOptions(capacity=100), clock=clock)
    executor = Executor(make_flow(clock, breaker=breaker, budget=budget), Naps(sleep=lambda _: breaker.force_open()))
    with pytest.raises(CircuitOpenError):
        executor.call(Flaky())
    assert 100 == budget.tokens


def test_a_block_that_is_left_after_a_failure_costs_nothing_and_leaves_no_garbage(clock: FakeClock) -> None:
    """By ``break`` behind the guarded part."""
    budget = RetryBudget(BudgetOptions(capacity=100), clock=clock)

    def leave() -> None:
        for attempt in BlockAttempts(make_flow(clock, budget=budget), Naps(sleep=clock.sleep)):
            with attempt:
                Flaky()()
            break

    assert (0, 100) == (count_garbage(leave), budget.tokens)


def count_garbage(call: Callable[[], object]) -> int:
    """Return how many objects only the collector of cycles would find after ten calls."""
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            with contextlib.suppress(ConnectionError, CircuitOpenError):
                call()
        return gc.collect()
    finally:
        gc.enable()


def test_no_way_of_failing_leaves_garbage(clock: FakeClock) -> None:
    """Blocks and coroutines too, exhausted or refused."""

    async def wait() -> int:
        executor, found = make_executor(clock, breaker=CircuitBreaker(clock=clock), attempts=99), []
        await asyncio.sleep(0)
        gc.collect()
        for _ in range(10):
            try:
                await executor.acall(Flaky().later)
            except (ConnectionError, CircuitOpenError):
                found.append(1)
        return gc.collect()

    attempts = BlockAttempts(make_flow(clock), Naps(sleep=clock.sleep))
    assert (0, 0) == (count_garbage(lambda: run_block(attempts)), asyncio.run(wait()))


def test_counts_of_threads_that_have_ended_are_kept() -> None:
    """One after the other, and what was reset is gone."""
    counter = CallCounter()

    def count() -> None:
        counter.make_cell().calls += 3

    for _ in range(20):
        thread = threading.Thread(target=count)
        thread.start()
        thread.join()
    assert (60, 60) == (counter.read().total_operations, counter.read().attempts)
    counter.reset()
    count()
    assert 3 == counter.read().successful_operations


def test_a_thread_that_ends_while_its_cell_is_looked_at_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked once whether it lives."""
    counter, answers = CallCounter(), iter([True, False])
    counter.make_cell().calls = 10
    monkeypatch.setattr(threading.current_thread(), "is_alive", lambda: next(answers))
    counter.make_cell()
    assert 10 == counter.read().total_operations


def test_a_reversible_operation_is_called_twice_at_most(clock: FakeClock) -> None:
    """Whoever says how often."""
    failing = Flaky()
    with pytest.raises(ConnectionError):
        make_executor(clock, effect="reversible", attempts=9).call(failing)
    assert 2 == failing.calls


def test_the_deadline_ends_an_attempt_of_a_coroutine() -> None:
    """The first one and later ones."""
    calls: list[int] = []
    policy = RetryPolicy(decide_by(TimeoutError), "deploy", timeout=0.05, backoff=Backoff(base=0, jitter="none"))

    async def hang() -> None:
        calls.append(1)
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(Executor(Flow(policy)).acall(hang))
    assert 1 == len(calls)


def test_a_cancelled_future_is_a_cancellation(clock: FakeClock) -> None:
    """Though it is an Exception: never decided, never tried again."""
    failing = Flaky(99, CancelledError())
    breaker = CircuitBreaker(options=ONE_STRIKE, clock=clock)
    with pytest.raises(CancelledError):
        make_executor(clock, decide=decide_by(Exception), breaker=breaker).call(failing)
    assert (1, "closed") == (failing.calls, breaker.state)


def fail_on_purpose(*_: object) -> bool:
    raise ValueError("a mistake in a callback")


def test_faults_of_callbacks_are_logged_and_change_nothing(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """A predicate of results, and a listener of failures."""
    good, failing = Flaky(0), Flaky(1)
    with caplog.at_level(logging.ERROR, "errclass"):
        assert "ok" == make_executor(clock, is_failure=fail_on_purpose).call(good)
        assert "ok" == make_executor(clock, listeners=(fail_on_purpose,)).call(failing)
    assert (1, 2) == (good.calls, failing.calls)
    assert ["errclass.is_failure_failed", *["errclass.listener_failed"] * 2] == [r.message for r in caplog.records]


def test_an_error_object_that_is_raised_again_and_again_has_one_note(clock: FakeClock) -> None:
    """The latest, beside the user's own."""
    error = ConnectionError("the same")
    error.add_note("the user's")
    for attempts in (2, 3):
        with pytest.raises(ConnectionError):
            make_executor(clock, attempts=attempts).call(Flaky(99, error))
    assert 2 == len(error.__notes__)
    assert ["the user's", "errclass: 3 attempts"] == [note.split(" in ")[0] for note in error.__notes__]


def test_a_generator_in_a_block_sees_its_failures(clock: FakeClock) -> None:
    """A block around each step, not around the yield."""
    failing = Flaky(2)

    def steps() -> Iterator[str]:
        for attempt in BlockAttempts(make_flow(clock), Naps(sleep=clock.sleep)):
            with attempt:
                step = failing()
        yield step

    assert (["ok"], 3) == (list(steps()), failing.calls)
