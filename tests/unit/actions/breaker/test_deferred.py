"""A circuit breaker whose options are asked for when they first matter."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from errclass.actions.breaker import BreakerOptions, CircuitBreakers, Consecutive, DeferredCircuitBreaker
from errclass.core.errors import CircuitOpenError


class Asked:
    """Return options, and count how often they were asked for."""

    def __init__(self, options: BreakerOptions | None) -> None:
        self.options, self.times = options, 0

    def __call__(self) -> BreakerOptions | None:
        self.times += 1
        return self.options


def fail() -> None:
    raise ConnectionError("refused")


def fail_through(breaker: DeferredCircuitBreaker) -> None:
    with pytest.raises(ConnectionError):
        breaker.call(fail)


def test_successes_ask_for_nothing_and_are_counted() -> None:
    """The first failure asks, once."""
    asked = Asked(BreakerOptions(Consecutive(2)))
    breaker = DeferredCircuitBreaker("deploy", asked)
    assert [1, 1, 1] == [breaker.call(lambda: 1) for _ in range(3)]
    assert 0 == asked.times
    fail_through(breaker)
    fail_through(breaker)
    with pytest.raises(CircuitOpenError):
        breaker.call(fail)
    assert (1, 3, 2) == (asked.times, breaker.status().success_count, breaker.status().failure_count)


def test_no_options_let_everything_through() -> None:
    """It never opens, and counts nothing."""
    breaker = DeferredCircuitBreaker("deploy", Asked(None))
    for _ in range(10):
        fail_through(breaker)
    assert ("disabled", 0) == (breaker.state, breaker.status().failure_count)


@pytest.mark.parametrize("look", ["state", "options", "time_left"])
def test_whoever_looks_sees_the_options(look: str) -> None:
    """As if they had been there from the start."""
    asked = Asked(BreakerOptions(open_for=7.0))
    breaker = DeferredCircuitBreaker("deploy", asked)
    getattr(breaker, look)
    assert (1, 7.0) == (asked.times, breaker.options.open_for)


def test_a_guarded_call_while_it_chooses_goes_through() -> None:
    """What chooses may fail in a call of the same operation; it is not asked again from there."""

    def choose() -> BreakerOptions:
        fail_through(breaker)
        return BreakerOptions(Consecutive(1))

    breaker = DeferredCircuitBreaker("deploy", choose)
    fail_through(breaker)
    assert "open" == breaker.state


def test_threads_that_fail_at_once_ask_once_and_lose_nothing() -> None:
    """All of them wait for the options, and each failure counts."""
    asked, gate = Asked(BreakerOptions(Consecutive(100))), threading.Barrier(8)
    breaker = DeferredCircuitBreaker("deploy", asked)

    def work() -> None:
        gate.wait(10)
        fail_through(breaker)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work) for _ in range(8)]:
            done.result()
    assert (1, 8) == (asked.times, breaker.status().failure_count)


def test_each_operation_asks_for_itself() -> None:
    """And exported states are read by the options that are chosen."""
    asked = Asked(BreakerOptions(Consecutive(1)))
    breakers = CircuitBreakers(asked)
    with pytest.raises(ConnectionError):
        breakers.of("deploy").call(fail)
    other = CircuitBreakers(Asked(BreakerOptions(Consecutive(1))))
    other.import_state(breakers.export_state())
    assert {"deploy": "open"} == {name: status.state for name, status in other.statuses().items()}
