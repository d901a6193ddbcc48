"""Small state that processes share."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

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
