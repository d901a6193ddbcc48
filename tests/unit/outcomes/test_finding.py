"""Find one stored outcome by its own id or its decision's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.happenings import at, decide

from errclass.core.errors import StoreError
from errclass.core.frozen import FrozenDict
from errclass.core.types import Context, Firing, Outcome
from errclass.outcomes import Store, find_outcome
from errclass.outcomes.events import row_event

TRACE = (Firing("retry/usual", FrozenDict({"retryable": True}), because="So.", used=FrozenDict({"type": "network"})),)


def record(store: Store, name: str, decision_id: str, minutes: float = 0) -> Outcome:
    """Record an outcome and return it."""
    decision = decide("network", decision_id=decision_id, context=Context(operation="deploy"))
    outcome = Outcome(
        name,
        "boom",
        time=at(minutes),
        context=Context(operation="deploy"),
        facts=FrozenDict({"attempt": 1}),
        decision=decision,
        trace=TRACE,
    )
    store.record(outcome)
    return outcome


@pytest.mark.parametrize("settle", [lambda _: None, Store.merge], ids=["waiting", "merged"])
@pytest.mark.parametrize("identifier", ["first", "d-first"])
def test_an_outcome_is_found_by_either_id(store: Store, settle: Callable[[Store], object], identifier: str) -> None:
    """As it was recorded, facts and trace included, in the inbox and in the history."""
    wanted = record(store, "first", "d-first")
    record(store, "second", "d-second", 1)
    settle(store)
    assert wanted == find_outcome(store, identifier)


def test_nothing_is_found_that_is_not_there(store: Store, folder: Path) -> None:
    """And nothing is written by looking."""
    assert find_outcome(store, "first") is None
    assert not folder.exists()
    record(store, "first", "d-first")
    for identifier in ("", "firs", "first%", "FIRST", "\x00", "\ud800", "' OR 1=1 --"):
        assert find_outcome(store, identifier) is None


def test_the_outcomes_own_id_goes_before_a_decisions(store: Store) -> None:
    """Whoever chose the id of one as that of the other."""
    record(store, "a", "b", 5)
    record(store, "b", "c", 0)
    found = find_outcome(store, "b")
    assert found is not None
    assert "b" == found.id


def test_of_several_with_one_decision_the_newest_is_found(store: Store) -> None:
    """One decision may stand in two outcomes."""
    for number in (0, 9, 4):
        record(store, f"o{number}", "same", number)
    found = find_outcome(store, "same")
    assert found is not None
    assert "o9" == found.id


def test_an_outcome_without_a_decision_is_found(store: Store) -> None:
    """It has none, and no trace."""
    store.record(Outcome("bare", "boom", time=at(0)))
    found = find_outcome(store, "bare")
    assert found is not None
    assert (None, ()) == (found.decision, found.trace)


DAMAGED = {"facts": "3", "trace": "[1]", "document": '{"category": "x"}', "tags": "3"}


@pytest.mark.parametrize("column", DAMAGED)
def test_what_is_damaged_is_told(store: Store, column: str) -> None:
    """With the id, and no traceback."""
    record(store, "first", "d-first")
    row = {
        "id": "broken:decision",
        "failure_id": "broken",
        "decision_id": "d-broken",
        "facts": "{}",
        "document": "null",
    }
    failure = {"id": "broken", "occurred_at": "2026-03-02T12:00:00+00:00", "text": "x", "tags": "[]", "attempt": 1}
    failure |= {"cancelled": False, "metadata": "{}", "failing_tests": "[]"}
    (failure if column == "tags" else row)[column] = DAMAGED[column]
    store.add_events([row_event("failures", failure), row_event("decisions", row)])
    with pytest.raises(StoreError, match=r"'d-broken' .* is damaged"):
        find_outcome(store, "d-broken")
    assert find_outcome(store, "first") is not None


def test_a_broken_file_is_told(store: Store, folder: Path) -> None:
    """Whoever wrote into it by hand."""
    import duckdb

    record(store, "first", "d-first")
    store.merge()
    with duckdb.connect(folder / "outcomes.duckdb") as session:
        session.execute("UPDATE decisions SET facts = '{'")
    with pytest.raises(StoreError, match="is damaged"):
        find_outcome(store, "first")
