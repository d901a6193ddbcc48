"""How a store is, and whether it takes a write: told in a folder and in a server alike."""

from __future__ import annotations

from datetime import UTC, datetime

from errclass.core.types import Outcome
from errclass.outcomes import Backlog, Store

EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


def test_a_store_that_nobody_made_does_not_exist_and_stays_so(store: Store) -> None:
    """Looking makes none."""
    seen = store.examine()
    assert (False, {}, 0) == (seen.exists, dict(seen.schemas), seen.size_bytes)
    assert (Backlog(), {}) == (store.read_backlog(), store.list_states("breaker"))
    assert not store.exists()


def test_a_store_tells_its_schemas_engine_and_size(store: Store) -> None:
    """All of this version."""
    store.record(Outcome(id="a", text="x", time=EARLY))
    store.merge(wait=10)
    condition = store.examine()
    assert {"inbox", "history"} == set(condition.schemas)
    assert all(part.found == part.known and not part.is_old for part in condition.schemas.values())
    assert (True, "", True) == (condition.exists, condition.busy, condition.size_bytes > 0)
    assert condition.engine.split()[0] in ("DuckDB", "PostgreSQL")


def test_a_probe_leaves_nothing_behind(store: Store) -> None:
    """Nor does the next one."""
    store.record(Outcome(id="a", text="x", time=EARLY))
    before = store.read_backlog()
    store.probe()
    store.probe()
    assert ({}, before) == (store.list_states("probe"), store.read_backlog())


def test_a_probe_makes_a_store_as_any_write_does(store: Store) -> None:
    """It is empty."""
    store.probe()
    assert (True, 0) == (store.exists(), store.stats().outcomes)


def test_the_backlog_tells_what_waits_and_since_when(store: Store) -> None:
    """Until it is merged."""
    store.record(Outcome(id="a", text="x", time=LATE))
    store.record(Outcome(id="b", text="x", time=EARLY))
    assert Backlog(waiting=2, oldest=EARLY) == store.read_backlog()
    store.merge(wait=10)
    assert Backlog() == store.read_backlog()


def test_states_are_listed_by_kind(store: Store) -> None:
    """In the order of their names."""
    for kind, name in (("breaker", "b"), ("breaker", "a"), ("budget", "c")):
        store.change_state(kind, name, lambda _, name=name: ({"is": name}, None))
    found = store.list_states("breaker")
    assert [("a", {"is": "a"}), ("b", {"is": "b"})] == list(found.items())
