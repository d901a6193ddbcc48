"""What runs of an operation share: when a further call may be made, and what each one tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from errclass.actions.breaker import BreakerOptions, FailuresInWindow, SharedCircuitBreaker
from errclass.actions.retry import BudgetOptions, SharedRetryBudget
from errclass.core.errors import StoreError
from errclass.outcomes import Store
from errclass.system.jobs.run_limits import RunLimits
from errclass.system.jobs.run_state import is_news

T = TypeVar("T")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that does not exist yet."""
    with Store(tmp_path / "store") as store:
        yield store


def fail(store: Store, times: int, outcome: Any = "failure") -> None:
    """Let so many runs fail once each."""
    for _ in range(times):
        RunLimits(store, "npm ci").report(outcome, 1.0)


def states(limits: RunLimits) -> tuple[bool | None, bool | None]:
    guard = limits.guard()
    return guard.breaker_open, guard.budget_spent


def test_nothing_limits_the_first_run(store: Store) -> None:
    """Nor does asking create a store."""
    limits = RunLimits(store, "npm ci")
    assert ((False, False), False) == (states(limits), store.exists())
    assert ("", "") == (limits.pay(1.0, "network"), limits.enter())


def test_failures_of_many_runs_open_one_breaker(store: Store) -> None:
    """Five, as everywhere; another operation goes on."""
    fail(store, 4)
    assert (False, False) == states(RunLimits(store, "npm ci"))
    fail(store, 1)
    assert (True, False) == states(RunLimits(store, "npm ci"))
    assert (False, False) == states(RunLimits(store, "npm test"))


def test_the_failure_that_opens_it_ends_its_own_run(store: Store) -> None:
    """With a sentence, and without paying; a wait that outlasts it goes on."""
    fail(store, 4)
    limits = RunLimits(store, "npm ci")
    limits.report("failure", 1.0)
    assert "the circuit breaker of npm ci is open for 60 s more" in limits.pay(5.0, "network")
    assert (500, "") == (SharedRetryBudget(store, "npm ci").tokens, limits.pay(61.0, "network"))


def test_what_is_nobodys_fault_opens_nothing(store: Store) -> None:
    """A syntax error says nothing of the other side."""
    fail(store, 20, "ignored")
    assert (False, False) == states(RunLimits(store, "npm ci"))


def test_one_that_opens_during_the_wait_refuses_the_next_call(store: Store) -> None:
    """And the price comes back."""
    limits = RunLimits(store, "npm ci")
    assert "" == limits.pay(1.0, "network")
    fail(store, 5)
    assert "it failed too often just now" in limits.enter()
    assert 500 == SharedRetryBudget(store, "npm ci").tokens


def test_a_half_open_one_lets_one_run_try(store: Store) -> None:
    """The others hear who does; its success lets all through."""
    breaker = SharedCircuitBreaker(store, "npm ci", BreakerOptions(open_for=0))
    for _ in range(5):
        breaker.report(breaker.acquire(), "failure")
    first, second = RunLimits(store, "npm ci"), RunLimits(store, "npm ci")
    assert "" == first.enter()
    assert "another run is making" in second.enter()
    first.report("success", 1.0)
    assert "" == second.enter()


def test_a_permit_that_was_not_used_goes_to_the_next(store: Store) -> None:
    """As where somebody stopped the run."""
    breaker = SharedCircuitBreaker(store, "npm ci", BreakerOptions(open_for=0))
    for _ in range(5):
        breaker.report(breaker.acquire(), "failure")
    first = RunLimits(store, "npm ci")
    assert "" == first.enter()
    first.release()
    assert "" == RunLimits(store, "npm ci").enter()


def test_one_that_was_opened_by_hand_says_so(store: Store) -> None:
    """For it has no end."""
    SharedCircuitBreaker(store, "npm ci").force_open()
    limits = RunLimits(store, "npm ci")
    assert (True, False) == states(limits)
    assert "the circuit breaker of npm ci was opened by hand" == limits.pay(9.0, "network")


def test_all_runs_pay_from_one_budget(store: Store) -> None:
    """Until it is spent."""
    paid = [RunLimits(store, "npm ci").pay(0.0, "network") for _ in range(36)]
    assert ["", "the budget of retries of npm ci is spent, by this and other runs"] == paid[-2:]
    assert (False, True) == states(RunLimits(store, "npm ci"))


def test_a_retry_that_helped_gets_its_price_back(store: Store) -> None:
    """As in a program."""
    limits = RunLimits(store, "npm ci")
    assert "" == limits.pay(0.0, "network")
    limits.report("success", 1.0)
    assert 500 == SharedRetryBudget(store, "npm ci").tokens


class BrokenKeeper:
    """A store that fails, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def change_state(
        self, kind: str, name: str, change: Callable[[Mapping[str, Any] | None], tuple[Mapping[str, Any] | None, T]]
    ) -> T:
        raise self._fault()

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        raise self._fault()

    def _fault(self) -> StoreError:
        self.asked += 1
        return StoreError("locked")


def test_a_broken_store_is_asked_once() -> None:
    """The run goes by what it saw itself."""
    keeper = BrokenKeeper()
    limits = RunLimits(keeper, "npm ci")
    assert (False, False) == states(limits)
    for _ in range(5):
        limits.report("failure", 1.0)
    assert (True, 1) == (limits.guard().breaker_open, keeper.asked)


def test_secrets_in_a_name_are_not_stored(store: Store) -> None:
    """Whatever somebody calls an operation."""
    fail(store, 1)
    RunLimits(store, "deploy ghp_0123456789abcdefghijABCDEFGHIJ012345").report("failure", 1.0)
    assert store.read_state("breaker", "deploy ghp_0123456789abcdefghijABCDEFGHIJ012345") is None


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home whose store is that of the other fixture."""
    return {"ERRCLASS_HOME": str(tmp_path)}


def test_a_success_is_no_news_to_what_is_at_rest(store: Store, environ: dict[str, str]) -> None:
    """No store, no state, a closed breaker with a full budget."""
    assert not is_news("npm ci", environ)
    fail(store, 4)
    assert [False, False] == [is_news(name, environ) for name in ("npm ci", "npm test")]


def test_a_success_is_news_to_an_open_breaker(store: Store, environ: dict[str, str], tmp_path: Path) -> None:
    """Wherever the store is said to be."""
    fail(store, 5)
    elsewhere = {"ERRCLASS_HOME": str(tmp_path / "other"), "ERRCLASS_STORE": str(tmp_path / "store")}
    assert [True, True, False] == [is_news("npm ci", environ), is_news("npm ci", elsewhere), is_news("npm", environ)]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.toml").write_text('store = "../store"\n')
    assert is_news("npm ci", {"ERRCLASS_HOME": str(tmp_path / "other")})


def test_a_success_is_news_to_a_budget_that_is_not_full(store: Store, environ: dict[str, str]) -> None:
    """What is full is what the budget's own default says."""
    RunLimits(store, "npm ci").pay(0.0, "network")
    assert is_news("npm ci", environ)
    store.change_state("budget", "npm ci", lambda _: ({"tokens": BudgetOptions().capacity, "counted_at": 0}, None))
    assert not is_news("npm ci", environ)


@pytest.mark.parametrize("state", [{}, {"circuit": 3}, {"circuit": []}])
def test_a_damaged_state_is_no_news(state: Any, store: Store, environ: dict[str, str]) -> None:
    """A success costs nothing then."""
    store.change_state("breaker", "npm ci", lambda _: (state, None))
    assert not is_news("npm ci", environ)


@pytest.mark.parametrize("place", ["postgres://nobody@127.0.0.1:1/none", "/proc/none", "?%#"])
def test_a_store_that_cannot_be_asked_is_no_news(place: str, environ: dict[str, str]) -> None:
    """Nor is it waited for."""
    assert not is_news("npm ci", {**environ, "ERRCLASS_STORE": place})


def test_an_inbox_of_another_kind_is_no_news(environ: dict[str, str], tmp_path: Path) -> None:
    """And a configuration that cannot be read is told elsewhere."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "inbox.sqlite").write_text("no database")
    (tmp_path / "config.toml").write_text("store = [")
    assert not is_news("npm ci", environ)


def test_the_settings_say_when_it_opens(store: Store) -> None:
    """For all runs that they hold for."""
    for _ in range(2):
        RunLimits(store, "npm ci", BreakerOptions(FailuresInWindow(2))).report("failure", 1.0)
    assert (True, False) == states(RunLimits(store, "npm ci"))


def test_without_a_breaker_none_refuses(store: Store) -> None:
    """Not even one that other runs opened; and it tells them nothing."""
    for _ in range(9):
        RunLimits(store, "npm ci", None).report("failure", 1.0)
    assert (False, False) == states(RunLimits(store, "npm ci"))
    fail(store, 5)
    limits = RunLimits(store, "npm ci", None)
    assert ((False, False), "", "") == (states(limits), limits.pay(1.0, "network"), limits.enter())
