"""What a folder's store does by DuckDB's means, done by PostgreSQL's: both must come to the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest

from errclass.core.errors import StoreError, UsageError
from errclass.core.happenings import Attempt
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.postgres import PostgresServer

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DEPLOY = Context(operation="deploy")


@pytest.fixture
def both(tmp_path: Path, address: str) -> Iterator[tuple[Store, Store]]:
    """A store in a folder and one in the server, whose present is NOW."""
    with Store(tmp_path / "store", clock=lambda: NOW) as here, Store(address, clock=lambda: NOW) as there:
        yield here, there


def make_frame(count: int) -> dict[str, Any]:
    """Failures of the last hours, some of them over."""
    times = [NOW.replace(tzinfo=None) - timedelta(hours=number, microseconds=1) for number in range(count)]
    return {
        "id": np.array([f"f{number}" for number in range(count)]),
        "text": np.array([f"boom {number} ü" for number in range(count)]),
        "occurred_at": np.array(times, dtype="datetime64[us]"),
        "fingerprint": np.array(["ffff"] * count),
        "operation": np.array(["deploy"] * count),
        "success": np.array([number % 3 == 0 for number in range(count)]),
    }


def describe(store: Store) -> tuple[Any, ...]:
    """All that is stored, and what a decision is told of it."""
    outcomes = [(outcome.id, outcome.text, outcome.time, outcome.success) for outcome in store.outcomes()]
    return outcomes, store.history("ffff", DEPLOY)


def fill(store: Store) -> None:
    """Record old and new failures with all that may belong to one."""
    for name, days in (("old", 40), ("labelled", 40), ("new", 1)):
        time = NOW - timedelta(days=days)
        store.record(Outcome(name, "boom", time, "ffff", context=DEPLOY, success=False, failing_tests=("t",)))
        store.record_attempt(Attempt(f"after {name}", True, failure_id=name, context=DEPLOY, ended=time))
        store.record_attempt(Attempt(f"lone {name}", True, context=DEPLOY, ended=time))
    store.add_events([])
    store.label("labelled", "network")
    store.undo_label(store.label("old", "test", source="import"))


def test_a_frame_comes_to_the_same(both: tuple[Store, Store]) -> None:
    """Its rows, their counts, and the attempts of the last day; a second time adds nothing."""
    for store in both:
        store.record(Outcome("f3", "was there", NOW - timedelta(minutes=90), "ffff", context=DEPLOY))
        store.merge()
        assert (29, 0) == (
            store.record_frame(make_frame(30), masked=True),
            store.record_frame(make_frame(30), masked=True),
        )
    here, there = both
    assert describe(here) == describe(there)


def test_a_frame_with_an_unknown_column_is_refused(both: tuple[Store, Store]) -> None:
    """Nothing of it is written."""
    for store in both:
        with pytest.raises(UsageError, match="failures have no column colour"):
            store.record_frame({"text": np.array(["boom"]), "colour": np.array(["red"])}, masked=True)
        assert [] == list(store.outcomes())


@pytest.mark.parametrize("labelled", [False, True])
def test_pruning_comes_to_the_same(both: tuple[Store, Store], labelled: bool) -> None:
    """What is dropped, what stays, and the counts of what stays."""
    before, found = NOW - timedelta(days=30), []
    for store in both:
        fill(store)
        store.merge()
        tried = store.prune(before, labelled=labelled, dry_run=True)
        assert 3 == store.stats().outcomes
        pruned = store.prune(before, labelled=labelled)
        assert tried == pruned
        found.append((dict(pruned.rows), describe(store)))
    here, there = found
    assert here == there
    assert (2 if labelled else 1) == here[0]["failures"]


def test_an_absent_store_has_nothing_to_prune(both: tuple[Store, Store]) -> None:
    """And is not made for it."""
    for store in both:
        assert (0, (0, 0), False) == (store.prune(NOW).total, store.vacuum(), store.exists())


def test_vacuum_gives_space_back(both: tuple[Store, Store]) -> None:
    """And loses nothing."""
    _, there = both
    there.record_many(Outcome(str(number), "boom" * 500, NOW - timedelta(days=number)) for number in range(300))
    there.merge()
    there.prune(NOW - timedelta(days=9.5))
    before, after = there.vacuum()
    assert after < before
    assert 10 == there.stats().outcomes


def test_vacuum_of_a_table_in_use_is_put_off(
    postgres: PostgresServer, both: tuple[Store, Store], schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a message instead of an endless wait, and the connection is as it was."""
    monkeypatch.setattr("errclass.outcomes.store.READ_WAIT", 0.05)
    _, there = both
    there.record(Outcome("a", "boom"))
    there.merge()
    with psycopg.connect(postgres.address()) as reader:
        reader.execute(f"SELECT * FROM {schema}.failures".encode())
        with pytest.raises(StoreError, match="try again"):
            there.vacuum()
    assert there.vacuum() > (0, 0)
