from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.outcomes.outcome_ids import find_outcome


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with ids that begin alike."""
    store.record_many(Outcome(name, "boom") for name in ("deploy-1", "deploy-1-again", "deploy-2", "x", "50%_off_"))
    return store


@pytest.mark.parametrize(
    ("given", "found"),
    [("x", "x"), ("deploy-1", "deploy-1"), ("deploy-1-", "deploy-1-again"), ("50%_off_", "50%_off_")],
)
def test_an_id_or_its_beginning_is_enough(filled: Store, given: str, found: str) -> None:
    """An id in full is meant even where others begin with it."""
    assert found == find_outcome(filled, given)
    filled.merge()
    assert found == find_outcome(filled, given)


@pytest.mark.parametrize("given", ["", "deploy", "deploy-3", "_eploy-2", "%%%%%%%%", "'; DROP TABLE failures"])
def test_nothing_else_is(filled: Store, given: str) -> None:
    """Beginnings of less than eight characters are no ids, and nothing is a pattern."""
    with pytest.raises(UsageError, match="no outcome"):
        find_outcome(filled, given)


def test_several_are_listed(store: Store) -> None:
    """Five of them, and that there are more."""
    store.record_many(Outcome(f"outcome-{number}", "boom") for number in range(9))
    with pytest.raises(UsageError, match=r"several outcomes: outcome-0, .*outcome-4, \.\.\.; give more"):
        find_outcome(store, "outcome-")


def test_an_absent_store_has_none(store: Store, folder: Path) -> None:
    """And is not created by asking."""
    with pytest.raises(UsageError, match="no outcome 'x'"):
        find_outcome(store, "x")
    assert not folder.exists()
