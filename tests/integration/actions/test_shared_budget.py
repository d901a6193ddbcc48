"""A budget of retries that processes share through a store."""

from __future__ import annotations

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
