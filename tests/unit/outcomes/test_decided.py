"""Stored decisions are read as a replay needs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from errclass.core.frozen import FrozenDict
from errclass.core.types import Context, Decision, Outcome, Plan
from errclass.outcomes import Store, count_decided, iter_decided

START = datetime(2026, 11, 1, tzinfo=UTC)
PLAN = Plan(max_attempts=4, base_delay=1.5, recipe="free_space", approval=True)
DECISION = Decision(
    "transient", "network", "low", True, 0.8, "wait", strategy="retry", plan=PLAN, priority="high",
    channels=("slack", "email"), rules_revision="abc",
)  # fmt: skip


def outcome(name: str, day: float, **fields: Any) -> Outcome:
    usual: dict[str, Any] = {"decision": DECISION, "facts": FrozenDict({"attempt": 1, "confidence": 0.5})}
    return Outcome(name, f"boom {name}", time=START + timedelta(days=day), **{**usual, **fields})


def read(store: Store, day: float = 0, **options: Any) -> list[str]:
    return [row.id for row in iter_decided(store, START + timedelta(days=day), **options)]


def test_a_decision_is_read_with_its_facts(store: Store) -> None:
    """All that is compared, and nothing that is only told."""
    store.record(outcome("a", 1, fingerprint="f" * 16, context=Context(operation="deploy")))
    (row,) = iter_decided(store, START)
    assert ("a", "f" * 16, "deploy", None) == (row.id, row.fingerprint, row.operation, row.text)
    assert START + timedelta(days=1) == row.time
    assert {"attempt": 1, "confidence": 0.5} == row.facts
    assert ("network", "low", True, "retry", "high") == (
        row.type, row.severity, row.retryable, row.strategy, row.priority,
    )  # fmt: skip
    assert (PLAN, ("slack", "email"), "abc") == (row.plan, row.channels, row.rules_revision)


def test_a_text_is_read_where_it_is_asked_for(store: Store) -> None:
    """Texts are long, and only another model needs them."""
    store.record(outcome("a", 1))
    assert ["boom a"] == [row.text for row in iter_decided(store, START, with_text=True)]


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("page", [1, 2, 3, 7, 100])
def test_pages_lose_nothing_and_repeat_nothing(store: Store, page: int, merged: bool) -> None:
    """Also where several occurred at one moment, in whatever order they came; the start is in."""
    names = [f"{number % 3}-{number}" for number in (5, 3, 1, 4, 2, 0, 6)]
    store.record_many(outcome(name, float(name[0])) for name in names)
    if merged:
        store.merge()
    assert sorted(names) == read(store, page=page)
    assert [name for name in sorted(names) if name >= "1"] == read(store, 1, page=page)
    assert [] == read(store, 2.5, page=page)


def test_what_was_never_decided_is_counted_and_not_read(store: Store) -> None:
    """Imported failures have no decision; facts alone are none either."""
    store.record_many([outcome("a", 1), outcome("b", 1, decision=None), outcome("c", 1, decision=None, facts={})])
    assert (3, 1) == count_decided(store, START)
    assert (0, 0) == count_decided(store, START + timedelta(days=2))
    assert ["a"] == read(store)


def test_no_store_has_nothing(place: str) -> None:
    """And is not made by looking."""
    with Store(place) as store:
        assert ([], (0, 0), False) == (read(store), count_decided(store, START), store.exists())


DAMAGED = {
    "facts cut": ("facts", '{"attempt": 1', "facts", {}),
    "facts a list": ("facts", "[1]", "facts", {}),
    "facts deep": ("facts", "[" * 20_000, "facts", {}),
    "facts a number too long": ("facts", '{"a": ' + "9" * 5000 + "}", "facts", {}),
    "document cut": ("document", '{"plan": {"max_attempts": 4}', "plan", None),
    "document a list": ("document", "[]", "plan", None),
    "document empty": ("document", "", "plan", None),
    "plan a text": ("document", '{"plan": "soon"}', "plan", None),
    "plan of another version": ("document", '{"plan": {"max_attempts": 2, "moon": 1}}', "plan", Plan(2)),
    "channels a number": ("document", '{"plan": {}, "channels": 7}', "channels", ()),
    "channels mixed": ("document", '{"plan": {}, "channels": ["slack", 7, null]}', "channels", ("slack",)),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_never_fatal(name: str, folder: Path, store: Store) -> None:
    """What cannot be read is empty, and the rows beside it are whole."""
    column, text, field, expected = DAMAGED[name]
    store.record_many([outcome("a", 1), outcome("b", 2)])
    store.merge()
    damage(folder, column, text)
    first, second = iter_decided(store, START)
    assert expected == getattr(first, field)
    assert (PLAN, {"attempt": 1, "confidence": 0.5}) == (second.plan, second.facts)


def damage(folder: Path, column: str, text: str) -> None:
    import duckdb

    with duckdb.connect(str(folder / "outcomes.duckdb")) as connection:
        connection.execute(f"UPDATE decisions SET {column} = ? WHERE failure_id = 'a'", [text])
