"""Our decisions inside of tenacity."""

from __future__ import annotations

import asyncio
import builtins
import threading
from collections.abc import Callable
from typing import Any

import pytest
import tenacity
from support.retry_calls import Flaky, make_policy

from errclass.actions.retry import Backoff, BudgetOptions, RetryBudget, Verdict
from errclass.actions.retry.adapters import TenacityStrategies
from errclass.core.errors import MissingExtraError
from errclass.testing import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """A clock that is put forward by tenacity's sleep."""
    return FakeClock(100)


def make_strategies(clock: FakeClock, *, budget: RetryBudget | None = None, **options: Any) -> TenacityStrategies:
    return TenacityStrategies(make_policy(**options), budget=budget, clock=clock, draw=lambda: 0.5)


def make_retrying(clock: FakeClock, strategies: TenacityStrategies, **options: Any) -> tenacity.Retrying:
    chosen = {"retry": strategies.retry, "wait": strategies.wait, "stop": strategies.stop, "reraise": True}
    return tenacity.Retrying(sleep=clock.sleep, **chosen | options)


def test_it_succeeds_after_failures(clock: FakeClock) -> None:
    """After our waits."""
    flaky = Flaky(2)
    assert "ok" == make_retrying(clock, make_strategies(clock))(flaky)
    assert (3, 102) == (flaky.calls, clock())


def test_coroutines_are_tried_again(clock: FakeClock) -> None:
    """The same strategies serve both."""
    flaky, strategies = Flaky(2), make_strategies(clock)

    async def call() -> str:
        return flaky()

    retrying = tenacity.AsyncRetrying(
        sleep=clock.asleep, retry=strategies.retry, wait=strategies.wait, stop=strategies.stop
    )
    assert ("ok", 3) == (asyncio.run(retrying(call)), flaky.calls)


@pytest.mark.parametrize(("attempts", "calls"), [(1, 1), (3, 3), (None, 4)])
def test_attempts_stop_it(clock: FakeClock, attempts: int | None, calls: int) -> None:
    """They count calls; the seed's three retries where nobody says how many."""
    flaky = Flaky(99)
    with pytest.raises(ConnectionError, match=f"call {calls}"):
        make_retrying(clock, make_strategies(clock, attempts=attempts))(flaky)
    assert calls == flaky.calls


def test_the_end_of_attempts_is_tenacitys_own_error_where_it_is_to_be(clock: FakeClock) -> None:
    """Without ``reraise`` there is a RetryError, as its users are used to."""
    with pytest.raises(tenacity.RetryError):
        make_retrying(clock, make_strategies(clock), reraise=False)(Flaky(99))


@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt(), SystemExit(3)])
def test_what_is_not_worth_it_is_raised_at_once(clock: FakeClock, error: BaseException) -> None:
    """As it is, and without a wait."""
    flaky = Flaky(9, error)
    with pytest.raises(type(error)):
        make_retrying(clock, make_strategies(clock), reraise=False)(flaky)
    assert (1, 100) == (flaky.calls, clock())


def test_an_irreversible_operation_is_called_once(clock: FakeClock) -> None:
    """Whatever the decider says."""
    flaky = Flaky(9)
    with pytest.raises(ConnectionError):
        make_retrying(clock, make_strategies(clock, effect="irreversible"))(flaky)
    assert 1 == flaky.calls


def test_no_wait_reaches_the_deadline(clock: FakeClock) -> None:
    """Tenacity's own stop_after_delay would look at the time after the wait."""
    strategies = make_strategies(clock, timeout=5, attempts=99, backoff=Backoff(jitter="none"))
    with pytest.raises(ConnectionError):
        make_retrying(clock, strategies)(Flaky(99))
    assert 100 + 1 + 2 == clock()


def test_a_retry_after_is_the_least_wait(clock: FakeClock) -> None:
    """As with our own executor."""
    strategies = make_strategies(clock, decide=lambda error, state: Verdict(True, retry_after=7), retry_after_jitter=0)
    make_retrying(clock, strategies)(Flaky(1))
    assert 107 == clock()


def test_one_decision_is_made_on_each_failure(clock: FakeClock) -> None:
    """The three strategies share it; each call counts its own attempts."""
    asked: list[int] = []

    def decide(error: Exception, state: Any) -> Verdict:
        asked.append(state.attempt)
        return Verdict(retry=True)

    retrying = make_retrying(clock, make_strategies(clock, decide=decide, attempts=3))
    for _ in range(2):
        with pytest.raises(ConnectionError):
            retrying(Flaky(9))
    assert [1, 2, 3, 1, 2, 3] == asked


def test_the_budget_is_paid_once_for_a_retry_and_refunded(clock: FakeClock) -> None:
    """Forty tokens are two retries; a success after one gives its price back, a clean one a single token."""
    budget = RetryBudget(BudgetOptions(capacity=40))
    retrying = make_retrying(clock, make_strategies(clock, budget=budget, attempts=9))
    flaky = Flaky(99)
    with pytest.raises(ConnectionError):
        retrying(flaky)
    assert (3, 12) == (flaky.calls, budget.tokens)
    retrying(Flaky(0))
    retrying(Flaky(0))
    retrying(Flaky(1))
    assert 14 == budget.tokens


def test_bad_results_and_try_again_count_as_failures(clock: FakeClock) -> None:
    """Both are known to users of tenacity."""
    results = ["bad", "good"]
    retrying = make_retrying(clock, make_strategies(clock, is_failure=lambda result: result == "bad"))
    assert "good" == retrying(lambda: results.pop(0))
    flaky = Flaky(99, tenacity.TryAgain())
    with pytest.raises(tenacity.TryAgain):
        make_retrying(clock, make_strategies(clock, attempts=2))(flaky)
    assert 2 == flaky.calls


def test_they_combine_with_tenacitys_own(clock: FakeClock) -> None:
    """By its operators, on both sides."""
    ours = make_strategies(clock, attempts=5)
    stop, wait = ours.stop | tenacity.stop_after_attempt(2), ours.wait + tenacity.wait_fixed(10)
    with pytest.raises(ConnectionError):
        make_retrying(clock, ours, stop=stop, wait=wait)(Flaky(9))
    assert 111 == clock()
    either = tenacity.retry_if_exception_type(KeyError) | ours.retry
    flaky = Flaky(1, KeyError("x"))
    assert "ok" == make_retrying(clock, ours, retry=either, stop=tenacity.stop_after_attempt(9))(flaky)


def test_a_wait_is_given_to_attempts_that_ours_would_not_make(clock: FakeClock) -> None:
    """Never none at all: that would be a loop without a pause."""
    ours = make_strategies(clock)
    retrying = make_retrying(clock, ours, retry=tenacity.retry_always, stop=tenacity.stop_after_attempt(3))
    with pytest.raises(ValueError, match="bad"):
        retrying(Flaky(9, ValueError("bad")))
    assert 102 == clock()


def test_threads_share_them(clock: FakeClock) -> None:
    """Each call has a course of its own."""
    strategies, results = make_strategies(clock), []

    def call() -> None:
        results.append(make_retrying(clock, strategies)(Flaky(3)))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert ["ok"] * 8 == results


def test_without_tenacity_it_says_what_to_install(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no extra of ours."""
    hide(monkeypatch, "tenacity")
    with pytest.raises(MissingExtraError, match="tenacity is not installed; install it with: pip install tenacity"):
        make_strategies(clock)


def hide(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    found: Callable[..., Any] = builtins.__import__
    monkeypatch.setattr("errclass.actions.retry.adapters.libraries.import_module", lambda name: found(f"no_{library}"))
