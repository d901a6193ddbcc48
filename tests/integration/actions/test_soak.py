"""Random failures, cancellations and time-outs in threads and tasks: what is counted adds up in the end."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter

import pytest

from errclass.actions.breaker import BreakerOptions, CircuitBreaker, FailuresInWindow, HalfOpen
from errclass.actions.retry import Backoff, BudgetOptions, Executor, Flow, RetryBudget, RetryPolicy, decide_by
from errclass.core.errors import CircuitOpenError

CALLS = 150


class CountingBudget(RetryBudget):
    """Count what is paid and given back; far from full, so that nothing given back is lost."""

    def __init__(self) -> None:
        super().__init__(BudgetOptions(capacity=10**7))
        self._purse.tokens = 10**6
        self._counting = threading.Lock()
        self.balance = 10**6

    def pay(self, kind: str | None) -> int | None:
        price = super().pay(kind)
        with self._counting:
            self.balance -= price or 0
        return price

    def refund(self, price: int | None) -> None:
        super().refund(price)
        with self._counting:
            self.balance += self.options.refund if price is None else price


def make_executor(**options: float) -> Executor:
    """Return an executor whose breaker opens and closes all the time, and never gives up a trial call as lost."""
    half_open = HalfOpen(permits=2, successes=2, timeout=3_600)
    breaker = CircuitBreaker("soak", BreakerOptions(FailuresInWindow(3, 0.01), open_for=0.001, half_open=half_open))
    backoff = Backoff("fixed", base=0.0001, jitter="full")
    policy = RetryPolicy(decide_by((ConnectionError, TimeoutError)), "soak", attempts=3, backoff=backoff, **options)
    return Executor(Flow(policy, breaker=breaker, budget=CountingBudget(), listeners=(fail_on_purpose,)))


def fail_on_purpose(_: object) -> None:
    """Listen as nobody should."""
    raise ValueError("a listener's fault")


def fail_at_random(draw: random.Random) -> str:
    """Fail, be interrupted, or succeed."""
    fate = draw.random()
    if fate < 0.4:
        raise ConnectionError("down")
    if fate < 0.5:
        raise ValueError("bad input")
    if fate < 0.55:
        raise KeyboardInterrupt
    return "ok"


async def fail_or_hang(draw: random.Random) -> str:
    """Fail, take too long, or succeed."""
    fate = draw.random()
    if fate < 0.3:
        raise ConnectionError("down")
    await asyncio.sleep(1 if fate < 0.4 else 0)
    return "ok"


def check(executor: Executor, seen: Counter[str]) -> None:
    """Assert that breaker, counts and budget agree with what the calls saw."""
    breaker, counts, budget = executor.flow.breaker, executor.flow.counter.read(), executor.flow.budget
    assert breaker is not None
    assert budget is not None
    status = breaker.status()
    reported = status.success_count + status.failure_count + status.ignored_count + status.stale_count
    assert seen["attempts"] - seen["cancelled"] <= reported <= seen["attempts"]
    assert (seen["succeeded"], seen["failed"]) == (counts.successful_operations, counts.failed_operations)
    assert isinstance(budget, CountingBudget)
    assert (budget.balance, 0) == (budget.tokens, status.half_open_calls)


@pytest.mark.parametrize("seed", range(3))
def test_threads(seed: int) -> None:
    """Eight of them, with interrupts in between."""
    executor, seen, lock = make_executor(), Counter[str](), threading.Lock()

    def attempt(draw: random.Random) -> str:
        with lock:
            seen["attempts"] += 1
        return fail_at_random(draw)

    def work(number: int) -> None:
        draw = random.Random(seed * 100 + number)
        for _ in range(CALLS):
            try:
                executor.call(attempt, draw)
                outcome = "succeeded"
            except KeyboardInterrupt:
                outcome = "cancelled"
            except (ConnectionError, ValueError, CircuitOpenError):
                outcome = "failed"
            with lock:
                seen[outcome] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert 8 * CALLS == seen["succeeded"] + seen["failed"] + seen["cancelled"]
    check(executor, seen)


@pytest.mark.parametrize("seed", range(3))
def test_tasks(seed: int) -> None:
    """Fifty of them, some cancelled from outside, some attempts too slow."""
    executor, seen = make_executor(attempt_timeout=0.002), Counter[str]()

    async def attempt(draw: random.Random) -> str:
        seen["attempts"] += 1
        return await fail_or_hang(draw)

    async def call(draw: random.Random) -> None:
        try:
            await executor.acall(attempt, draw)
            seen["succeeded"] += 1
        except asyncio.CancelledError:
            seen["cancelled"] += 1
            raise
        except (ConnectionError, TimeoutError, CircuitOpenError):
            seen["failed"] += 1

    async def work() -> None:
        draw = random.Random(seed)
        for _ in range(6):
            tasks = [asyncio.create_task(call(random.Random(draw.random()))) for _ in range(50)]
            await asyncio.sleep(0)
            for task in tasks[::7]:
                task.cancel()
            for task in tasks:
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    asyncio.run(work())
    assert 6 * 50 == seen["succeeded"] + seen["failed"] + seen["cancelled"]
    check(executor, seen)
