"""Small state that processes share."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

from errclass.core.errors import StoreError
from errclass.outcomes import Store


def add_one(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], int]:
    count = (state or {"count": 0})["count"] + 1
    return {"count": count}, count


def test_a_state_is_made_changed_and_read(store: Store) -> None:
    """Each by its kind and name; a reader makes nothing."""
    assert store.read_state("breaker", "deploy") is None
    assert [1, 2, 3] == [store.change_state("breaker", "deploy", add_one) for _ in range(3)]
    assert 1 == store.change_state("budget", "deploy", add_one)
    assert ({"count": 3}, None) == (store.read_state("breaker", "deploy"), store.read_state("breaker", "other"))


def test_a_change_that_leaves_it_as_it_is_writes_nothing(store: Store) -> None:
    """And still says what it has to say."""
    assert "nothing" == store.change_state("breaker", "x", lambda state: (None, "nothing"))
    assert store.read_state("breaker", "x") is None


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    """What it raises is raised."""
    store.change_state("breaker", "x", add_one)

    def fail(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], None]:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        store.change_state("breaker", "x", fail)
    assert {"count": 1} == store.read_state("breaker", "x")


def test_changes_of_many_threads_are_one_after_the_other(store: Store) -> None:
    """None is lost."""
    store.change_state("breaker", "x", add_one)
    threads = [
        threading.Thread(target=lambda: [store.change_state("breaker", "x", add_one) for _ in range(10)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {"count": 41} == store.read_state("breaker", "x")


def spoil(place: str, document: str) -> None:
    if place.startswith("postgres"):
        address, _, schema = place.partition("?schema=")
        with psycopg.connect(address, autocommit=True, options=f"-c search_path={schema}") as server:
            server.execute("UPDATE states SET document = %s", (document,))
        return
    with sqlite3.connect(f"{place}/inbox.sqlite") as inbox:
        inbox.execute("UPDATE states SET document = ?", (document,))
    inbox.close()


@pytest.mark.parametrize("document", ["rubbish", "[]", "3", "", "[" * 100_000])
def test_a_damaged_state_is_none_to_a_change(
    store: Store, place: str, document: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Which makes it anew; who only reads it is told of the damage."""
    store.change_state("breaker", "x", add_one)
    spoil(place, document)
    with pytest.raises(StoreError, match=r"a shared state is damaged .*; its next change or a reset makes it anew"):
        store.read_state("breaker", "x")
    assert 1 == store.change_state("breaker", "x", add_one)
    assert {"count": 1} == store.read_state("breaker", "x")
    assert ["errclass.shared_state_damaged"] == [record.message.partition(":")[0] for record in caplog.records]
