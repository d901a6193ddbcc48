"""A budget of retries that processes share through a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from errclass.actions.retry import BudgetOptions, RetryBudget, SharedRetryBudget
from errclass.outcomes import Store
from errclass.testing.clock import FakeClock

SMALL = BudgetOptions(capacity=30, cost=14, throttling_cost=5, refund=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that nothing was written to yet."""
    with Store(tmp_path / "store") as opened:
        yield opened


def test_what_one_pays_the_other_lacks(store: Store) -> None:
    """And what one gets back both have."""
    clock = FakeClock(1_000)
    one, two = (SharedRetryBudget(store, "deploy", SMALL, clock=clock) for _ in range(2))
    assert (14, 14, None) == (one.pay("network"), two.pay("network"), one.pay("network"))
    assert (False, True) == (two.is_full, two.can_pay(None) is False)
    two.refund(14)
    assert (5, 11) == (one.pay("rate_limit"), two.tokens)


def test_a_spent_one_fills_again_within_a_day(store: Store) -> None:
    """Also where nothing ever succeeds."""
    clock = FakeClock(1_000)
    budget = SharedRetryBudget(store, "deploy", SMALL, clock=clock)
    while budget.pay("network"):
        pass
    clock.sleep(86_400)
    assert (True, 30) == (budget.is_full, budget.tokens)


def test_a_store_that_fails_leaves_everyone_a_budget_of_their_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And is told of once."""
    (tmp_path / "store").write_text("no folder")
    budget = SharedRetryBudget(Store(tmp_path / "store"), "deploy", SMALL, clock=FakeClock(1_000))
    assert [14, 14, None] == [budget.pay(None) for _ in range(3)]
    budget.refund(14)
    assert 14 == budget.pay(None)
    assert 1 == sum("errclass.shared_state_lost" in record.message for record in caplog.records)


def test_a_budget_of_one_process_fills_only_if_it_is_told_to() -> None:
    """So many tokens a second, never above its capacity."""
    clock = FakeClock()
    steady, growing = (RetryBudget(BudgetOptions(capacity=30, refill=rate), clock=clock) for rate in (0.0, 0.5))
    for budget in (steady, growing):
        budget.pay(None)
    clock.sleep(10)
    assert (16, 21) == (steady.tokens, growing.tokens)
    clock.sleep(1_000)
    assert (16, 30) == (steady.tokens, growing.tokens)


def test_a_reset_fills_it_for_all(store: Store) -> None:
    """Also those that were made before."""
    one, two = (SharedRetryBudget(store, "deploy", SMALL, clock=FakeClock(1_000)) for _ in range(2))
    while one.pay("network"):
        pass
    two.reset()
    assert (30, 14) == (one.tokens, one.pay("network"))


def test_a_reset_fills_the_budget_of_a_process_in_place() -> None:
    """Whoever holds it pays from it."""
    budget = RetryBudget(SMALL, clock=FakeClock())
    while budget.pay("network"):
        pass
    budget.reset()
    assert (True, 30) == (budget.is_full, budget.tokens)


def test_a_reset_without_a_store_fills_the_budget_of_one_s_own(tmp_path: Path) -> None:
    """And raises nothing."""
    (tmp_path / "store").write_text("no folder")
    budget = SharedRetryBudget(Store(tmp_path / "store"), "deploy", SMALL, clock=FakeClock(1_000))
    while budget.pay("network"):
        pass
    budget.reset()
    assert 30 == budget.tokens


@pytest.mark.parametrize(
    "document",
    ["rubbish", "[]", "{}", '{"tokens": "nan", "counted_at": 1}', '{"tokens": NaN, "counted_at": 1}',
     '{"tokens": 1, "counted_at": null}', '{"tokens": [], "counted_at": 1}'],
)  # fmt: skip
def test_a_damaged_budget_starts_anew(store: Store, tmp_path: Path, document: str) -> None:
    """And is a budget again: it is not paid from for ever."""
    one, two = (SharedRetryBudget(store, "deploy", SMALL, clock=FakeClock(1_000)) for _ in range(2))
    one.pay("network")
    with sqlite3.connect(tmp_path / "store" / "inbox.sqlite") as inbox:
        inbox.execute("UPDATE states SET document = ?", (document,))
    inbox.close()
    assert [14, 14, None] == [two.pay(None) for _ in range(3)]
    assert 2 == one.tokens


def test_a_clock_that_was_ahead_keeps_nothing_spent(store: Store) -> None:
    """By a year: it fills again within a day by everybody's own clock."""
    ahead, right = FakeClock(1_000 + 366 * 86_400), FakeClock(1_000)
    wrong, other = (SharedRetryBudget(store, "deploy", SMALL, clock=clock) for clock in (ahead, right))
    while wrong.pay("network"):
        pass
    assert other.pay("network") is None
    right.sleep(86_400)
    assert 30 == other.tokens
