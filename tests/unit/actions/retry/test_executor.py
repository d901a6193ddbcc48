"""Calls that are tried again: how often, how long, when not, and what is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from support.retry_calls import STEADY, Flaky, make_executor, make_flow

from errclass.actions.breaker import CircuitBreaker
from errclass.actions.retry import (
    Backoff,
    BlockAttempts,
    BudgetOptions,
    Executor,
    Flow,
    Naps,
    RetryBudget,
    RetryEvent,
    RetryMode,
    RetryPolicy,
    RetryScheduled,
    RetryStopped,
    RetrySucceeded,
    Verdict,
    decide_by,
    use_mode,
)
from errclass.core.errors import CircuitOpenError, UsageError
from errclass.testing.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """A clock that is put forward by hand, and by sleeping."""
    return FakeClock(100)


@pytest.fixture(params=["call", "acall"])
def run(request: pytest.FixtureRequest) -> Callable[[Executor, Flaky], str]:
    """Run a flaky function by an executor, or its coroutine."""

    def run_it(executor: Executor, flaky: Flaky) -> str:
        if request.param == "call":
            return executor.call(flaky)
        return asyncio.run(executor.acall(flaky.later))

    return run_it


def test_it_succeeds_after_failures(clock: FakeClock, run: Callable[..., str]) -> None:
    """With a wait before each further attempt, and told as it goes."""
    heard: list[RetryEvent] = []
    assert "ok" == run(make_executor(clock, listeners=(heard.append,)), Flaky(2))
    assert 102 == clock()
    assert [
        RetryScheduled("deploy", 1, 1, 0, "ConnectionError", None, ""),
        RetryScheduled("deploy", 2, 1, 1, "ConnectionError", None, ""),
        RetrySucceeded("deploy", 3, 2),
    ] == heard


def test_the_last_error_is_raised_with_a_note(clock: FakeClock, run: Callable[..., str]) -> None:
    """It is the user's own, without another one in between."""
    flaky, heard = Flaky(9), []  # type: ignore[var-annotated]
    with pytest.raises(ConnectionError, match="call 4") as caught:
        run(make_executor(clock, listeners=(heard.append,)), flaky)
    assert ["errclass: 4 attempts in 3 s; no attempts are left"] == caught.value.__notes__
    assert caught.value.__context__ is None
    assert RetryStopped("deploy", 4, "attempts", 3, "ConnectionError", None, "") == heard[-1]


@pytest.mark.parametrize(("attempts", "calls"), [(1, 1), (2, 2), (7, 7)])
def test_attempts_count_calls(clock: FakeClock, run: Callable[..., str], attempts: int, calls: int) -> None:
    """The first one included."""
    flaky = Flaky(99)
    with pytest.raises(ConnectionError):
        run(make_executor(clock, attempts=attempts), flaky)
    assert calls == flaky.calls


def test_an_error_that_does_not_match_is_raised_at_once(clock: FakeClock, run: Callable[..., str]) -> None:
    """Without a wait and without a note."""
    flaky = Flaky(9, error=ValueError("bad input"))
    with pytest.raises(ValueError, match="bad input") as caught:
        run(make_executor(clock), flaky)
    assert (1, 100, False) == (flaky.calls, clock(), hasattr(caught.value, "__notes__"))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
def test_what_is_no_exception_passes(clock: FakeClock, error: Any) -> None:
    """Never judged, never tried again, and no failure to the breaker."""
    breaker = CircuitBreaker(clock=clock)
    executor = make_executor(clock, breaker=breaker, decide=lambda error, state: pytest.fail("it was judged"))
    with pytest.raises(type(error)):
        executor.call(Flaky(9, error=error))
    assert 0 == breaker.status().failure_count


def test_no_wait_reaches_the_deadline(clock: FakeClock, run: Callable[..., str]) -> None:
    """Time inside of the calls counts too."""
    flaky = Flaky(99, clock=clock, seconds=1.5)
    with pytest.raises(ConnectionError) as caught:
        run(make_executor(clock, timeout=6, attempts=99), flaky)
    assert (3, 106.5) == (flaky.calls, clock())
    assert "the next wait would reach the deadline" in caught.value.__notes__[0]


def test_a_retry_after_is_the_least_wait(clock: FakeClock) -> None:
    """A little is added; a longer back-off stays; beyond the ceiling it counts as that."""

    def wait_for(asked: float | None, backoff: Backoff = STEADY, cap: float = 300) -> float:
        start = clock()
        decide: Any = lambda error, state: Verdict(True, retry_after=asked)  # noqa: E731
        make_executor(clock, decide=decide, backoff=backoff, retry_after_cap=cap).call(Flaky(1))
        return clock() - start

    assert [1, 3.125, 1, 9, 300.125] == [
        pytest.approx(wait)
        for wait in (
            wait_for(None), wait_for(3), wait_for(0), wait_for(3, Backoff("fixed", base=9, jitter="none")), wait_for(9_999),
        )
    ]  # fmt: skip


def test_a_hook_chooses_the_wait(clock: FakeClock, run: Callable[..., str]) -> None:
    """In seconds, as a timedelta, or by a plain yes."""
    answers: list[Any] = [2.5, timedelta(seconds=4), True, False]
    with pytest.raises(ConnectionError):
        run(make_executor(clock, decide=decide_by(lambda error: answers.pop(0)), attempts=9), Flaky(9))
    assert (107.5, []) == (clock(), answers)


def test_a_broken_decider_does_not_replace_the_users_error(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is tried again, and the fault is logged."""

    def decide(error: Exception, state: Any) -> Verdict:
        raise RuntimeError("ours")

    with pytest.raises(ConnectionError, match="call 1"):
        make_executor(clock, decide=decide).call(Flaky(9))
    assert ["errclass.decider_failed"] == [record.message for record in caplog.records]


def test_an_irreversible_operation_is_called_once(clock: FakeClock, run: Callable[..., str]) -> None:
    """Whoever wants it otherwise."""
    flaky = Flaky(9)
    with pytest.raises(ConnectionError):
        run(make_executor(clock, effect="irreversible"), flaky)
    assert 1 == flaky.calls


def test_an_open_breaker_ends_the_loop(clock: FakeClock, run: Callable[..., str]) -> None:
    """Attempts count one by one; the last real error is the cause, and the time to come back is told."""
    breaker, flaky = CircuitBreaker("deploy", clock=clock), Flaky(99)
    with pytest.raises(CircuitOpenError) as caught:
        run(make_executor(clock, breaker=breaker, attempts=99), flaky)
    assert (5, "call 5", 60) == (flaky.calls, str(caught.value.__cause__), caught.value.retry_after)
    assert 104 == clock()
    with pytest.raises(CircuitOpenError) as caught:
        run(make_executor(clock, breaker=breaker), flaky)
    assert (5, None) == (flaky.calls, caught.value.__cause__)


def test_a_wait_that_ends_after_the_open_time_is_waited(clock: FakeClock, run: Callable[..., str]) -> None:
    """The attempt after it is the breaker's trial."""
    breaker = CircuitBreaker("deploy", clock=clock)
    patient = Backoff("fixed", base=60, cap=60, jitter="none")
    assert "ok" == run(make_executor(clock, breaker=breaker, attempts=99, backoff=patient), Flaky(5))
    assert (100 + 5 * 60, "closed") == (clock(), breaker.state)


def test_a_wait_in_vain_costs_no_tokens(clock: FakeClock, run: Callable[..., str]) -> None:
    """Four retries are paid; the fifth is not made."""
    budget = RetryBudget(BudgetOptions(capacity=100))
    executor = make_executor(clock, breaker=CircuitBreaker(clock=clock), budget=budget, attempts=99)
    with pytest.raises(CircuitOpenError):
        run(executor, Flaky(99))
    assert 100 - 4 * 14 == budget.tokens


def test_what_is_not_the_other_sides_fault_does_not_open_the_breaker(clock: FakeClock) -> None:
    """A thousand bad inputs say nothing of its health."""
    breaker = CircuitBreaker(clock=clock)
    for _ in range(1_000):
        with pytest.raises(ValueError, match="bad"):
            make_executor(clock, breaker=breaker).call(Flaky(1, error=ValueError("bad")))
    assert (1_000, 0, "closed") == (breaker.status().ignored_count, breaker.status().failure_count, breaker.state)


def test_the_budget_ends_retries_and_is_refunded_by_successes(clock: FakeClock) -> None:
    """Forty tokens pay two retries; their price comes back when the call succeeds, one token for each clean success."""
    budget = RetryBudget(BudgetOptions(capacity=40))
    executor = make_executor(clock, budget=budget, attempts=9)
    flaky = Flaky(99)
    with pytest.raises(ConnectionError) as caught:
        executor.call(flaky)
    assert (3, 12) == (flaky.calls, budget.tokens)
    assert "the budget of retries is spent" in caught.value.__notes__[0]
    for _ in range(2):
        executor.call(Flaky(0))
    assert 14 == budget.tokens
    executor.call(Flaky(1))
    assert 14 == budget.tokens


def test_nested_retries_do_not_multiply(clock: FakeClock) -> None:
    """The outer one tries again, the inner one calls once."""
    flaky, inner, outer = Flaky(99), make_executor(clock, attempts=5), make_executor(clock, attempts=3)
    with pytest.raises(ConnectionError):
        outer.call(lambda: inner.call(flaky))
    assert 3 == flaky.calls
    with pytest.raises(ConnectionError):
        inner.call(flaky)
    assert 3 + 5 == flaky.calls


def test_bad_results_count_as_failures(clock: FakeClock, run: Callable[..., str]) -> None:
    """The last of them is returned, not raised."""
    flaky, counter = Flaky(0), []  # type: ignore[var-annotated]
    executor = make_executor(clock, is_failure=lambda result: len(counter) < 2 and not counter.append(result))
    assert "ok" == run(executor, flaky)
    assert 3 == flaky.calls
    assert "ok" == run(make_executor(clock, is_failure=lambda result: True), flaky)
    assert 3 + 4 == flaky.calls


def test_a_block_is_tried_again(clock: FakeClock) -> None:
    """With numbered attempts; the last error leaves it."""
    flaky, naps = Flaky(2), Naps(sleep=clock.sleep, asleep=clock.asleep)
    numbers = []
    for attempt in BlockAttempts(make_flow(clock), naps):
        with attempt:
            numbers.append(attempt.number)
            flaky()
    assert ([1, 2, 3], 102) == (numbers, clock())


def test_a_block_that_never_succeeds_raises_its_last_error(clock: FakeClock) -> None:
    """As the block raised it."""
    flaky = Flaky(99)

    def work() -> None:
        for attempt in BlockAttempts(make_flow(clock), Naps(sleep=clock.sleep)):
            with attempt:
                flaky()

    with pytest.raises(ConnectionError, match="call 4") as caught:
        work()
    assert "no attempts are left" in caught.value.__notes__[0]


def test_a_block_in_a_task_is_tried_again(clock: FakeClock) -> None:
    """With ``async for``."""
    flaky, naps = Flaky(2), Naps(asleep=clock.asleep)

    async def work() -> str:
        async for attempt in BlockAttempts(make_flow(clock), naps):
            with attempt:
                return await flaky.later()
        return "never"

    assert ("ok", 3) == (asyncio.run(work()), flaky.calls)


def test_an_attempt_that_takes_too_long_is_cancelled_and_tried_again(clock: FakeClock) -> None:
    """Of a coroutine; a function cannot be stopped, and that is said."""
    calls = []

    async def hang_first() -> str:
        calls.append(1)
        if len(calls) == 1:
            await asyncio.Event().wait()
        return "ok"

    executor = make_executor(clock, decide=decide_by(TimeoutError), attempt_timeout=0.01)
    assert ("ok", 2) == (asyncio.run(executor.acall(hang_first)), len(calls))
    with pytest.raises(UsageError, match="cannot be stopped"):
        executor.call(Flaky(0))


def test_a_waiting_call_is_seen_and_cancelled() -> None:
    """It raises its last error at once, and calls no more."""
    naps, errors = Naps(), []
    policy = RetryPolicy(
        decide_by(ConnectionError), "deploy", backoff=Backoff("fixed", base=3_600, cap=3_600, jitter="none")
    )
    executor, flaky = Executor(Flow(policy), naps), Flaky(9)

    def call() -> None:
        try:
            executor.call(flaky)
        except ConnectionError as error:
            errors.append(error.__notes__[0])

    thread = threading.Thread(target=call)
    thread.start()
    while not naps.active():
        pass
    (waiting,) = naps.active()
    assert ("deploy", 1, 3_600) == (waiting.operation, waiting.attempts, waiting.wait)
    assert (True, False) == (naps.cancel(waiting.id), naps.cancel(999))
    thread.join(10)
    assert not naps.active()
    assert (1, [True]) == (flaky.calls, ["somebody cancelled it" in error for error in errors])


def test_a_waiting_block_is_cancelled() -> None:
    """Likewise: its last error leaves the loop."""
    naps, calls, errors, flaky = Naps(), [], [], Flaky(9)
    policy = RetryPolicy(
        decide_by(ConnectionError), "deploy", backoff=Backoff("fixed", base=3_600, cap=3_600, jitter="none")
    )

    def call() -> None:
        try:
            for attempt in BlockAttempts(Flow(policy), naps):
                with attempt:
                    calls.append(attempt.number)
                    flaky()
        except ConnectionError as error:
            errors.append(error.__notes__)

    thread = threading.Thread(target=call)
    thread.start()
    while not naps.active():
        pass
    naps.cancel(naps.active()[0].id)
    thread.join(10)
    assert ([1], 1) == (calls, len(errors))
    assert "somebody cancelled it" in errors[0][0]


def test_an_exhausted_call_leaves_no_garbage(clock: FakeClock) -> None:
    """Nothing that only the collector of cycles would find."""
    executor = make_executor(clock)
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            with contextlib.suppress(ConnectionError):
                executor.call(Flaky(9))
        assert 0 == gc.collect()
    finally:
        gc.enable()


def test_a_refused_call_leaves_no_garbage(clock: FakeClock) -> None:
    """Likewise."""
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            with contextlib.suppress(CircuitOpenError):
                make_executor(clock, breaker=CircuitBreaker(clock=clock), attempts=99).call(Flaky(9))
        assert 0 == gc.collect()
    finally:
        gc.enable()


def test_counts_add_up(clock: FakeClock, run: Callable[..., str]) -> None:
    """Calls, attempts, and the time of those that succeeded."""
    executor = make_executor(clock, attempts=3)
    for failures in (0, 1, 2):
        run(executor, Flaky(failures))
    with pytest.raises(ConnectionError):
        run(executor, Flaky(9))
    counts = executor.flow.counter.read()
    assert (4, 3, 1, 1 + 2 + 3 + 3, 2.25, 1) == (
        counts.total_operations, counts.successful_operations, counts.failed_operations, counts.attempts,
        counts.average_attempts, counts.average_success_time,
    )  # fmt: skip


def test_the_mode_of_tests(clock: FakeClock) -> None:
    """Fewer attempts and no waits, for all executors, and only within the block."""
    flaky, executor = Flaky(99), make_executor(clock)
    with use_mode(RetryMode(attempts=2, sleeps=False)), pytest.raises(ConnectionError):
        executor.call(flaky)
    assert (2, 100) == (flaky.calls, clock())
    with pytest.raises(ConnectionError):
        executor.call(flaky)
    assert (2 + 4, 103) == (flaky.calls, clock())


@pytest.mark.parametrize("options", [{"attempts": 0}, {"timeout": 0}, {"timeout": -1}, {"attempt_timeout": 0}])
def test_policies_that_make_no_sense_are_refused(clock: FakeClock, options: dict[str, Any]) -> None:
    """With what they have to be."""
    with pytest.raises(UsageError):
        make_flow(clock, **options)


@pytest.mark.parametrize("on", [(), (int,), BaseException, KeyboardInterrupt, "ConnectionError", 3])
def test_what_cannot_be_tried_again_is_refused(on: Any) -> None:
    """Classes of exceptions or a function; nothing that has to pass."""
    with pytest.raises(UsageError, match="on: "):
        decide_by(on)
