"""Breakers and budgets that processes share."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from errclass.actions.breaker import BreakerOptions, FailuresInWindow, SharedCircuitBreaker
from errclass.actions.retry import SharedRetryBudget
from errclass.outcomes import Store
from errclass.system.checks import check_breakers
from errclass.system.settings import Settings


def trip(store: Store, name: str, failures: int, *, open_for: float = 60.0) -> SharedCircuitBreaker:
    breaker = SharedCircuitBreaker(store, name, BreakerOptions(FailuresInWindow(3, 300), open_for=open_for))
    for _ in range(failures):
        breaker.report(breaker.acquire(), "failure")
    return breaker


def test_none_is_in_use_where_there_is_no_store(settings: Settings) -> None:
    """And none is made."""
    assert ("ok", False) == (check_breakers(settings).status, Path(settings.store).exists())


def test_a_closed_breaker_is_well(settings: Settings, folder: Path) -> None:
    """It is counted."""
    with Store(settings.store) as store:
        trip(store, "deploy", 1)
    check = check_breakers(settings)
    assert ("ok", {"closed": 1}) == (check.status, check.details["by_state"])


def test_an_open_breaker_is_a_warning(settings: Settings, folder: Path) -> None:
    """It says for how long, whatever its options are."""
    with Store(settings.store) as store:
        trip(store, "deploy", 3, open_for=9000)
    check = check_breakers(settings)
    assert ("warning", ["deploy"]) == (check.status, check.details["open"])
    assert "deploy (tried again in " in check.message


def test_a_breaker_whose_time_is_over_lets_the_next_call_try(settings: Settings, folder: Path) -> None:
    """It still is open until then."""
    with Store(settings.store) as store:
        trip(store, "deploy", 3, open_for=0)
    assert "the next call is a trial" in check_breakers(settings).message


def test_a_breaker_that_somebody_forced_open_is_a_warning(settings: Settings, folder: Path) -> None:
    """It stays so until somebody closes it."""
    with Store(settings.store) as store:
        trip(store, "deploy", 0).force_open()
    assert "deploy (forced open)" in check_breakers(settings).message


def test_a_spent_budget_is_a_warning(settings: Settings, folder: Path) -> None:
    """A full one is not."""
    with Store(settings.store) as store:
        SharedRetryBudget(store, "build").reset()
        assert "ok" == check_breakers(settings).status
        store.change_state("budget", "deploy", lambda _: ({"tokens": 0.0, "counted_at": 4e9}, None))
        now = SharedRetryBudget(store, "deploy")
        now.reset()
        while now.tokens >= 14:
            now.pay(14)
    check = check_breakers(settings)
    assert ("warning", ["deploy"], 2) == (check.status, check.details["spent"], check.details["budgets"])


def test_damaged_states_are_a_warning(settings: Settings, folder: Path) -> None:
    """Those that are no JSON, and those that are no state."""
    with closing(sqlite3.connect(folder / "inbox.sqlite")) as inbox, inbox:
        rows = [("breaker", "a", "no json"), ("breaker", "b", "{}"), ("breaker", "c", '{"circuit": {"state": "odd"}}')]
        inbox.executemany("INSERT INTO states VALUES (?, ?, ?)", rows)
    check = check_breakers(settings)
    assert ("warning", ["a", "b", "c"]) == (check.status, check.details["damaged"])


def test_many_open_ones_are_shortened(settings: Settings, folder: Path) -> None:
    """The details name all."""
    with Store(settings.store) as store:
        for number in range(8):
            trip(store, f"op{number}", 3)
    check = check_breakers(settings)
    assert "and 3 more" in check.message
    assert 8 == len(check.details["open"])
