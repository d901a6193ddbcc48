from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from errclass.core.types import Outcome
from errclass.outcomes import BackgroundMerger, Store

if TYPE_CHECKING:
    import pytest


def test_what_waits_is_merged_meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anybody's asking for it."""
    merged, merge = threading.Event(), store.merge

    def tell(**wait: float) -> int:
        count = merge(**wait)
        if count:
            merged.set()
        return count

    monkeypatch.setattr(store, "merge", tell)
    with BackgroundMerger(store, interval=0.01):
        store.record(Outcome("a", "boom"))
        assert merged.wait(30)
        assert 0 == store.stats().waiting


def test_the_rest_is_merged_at_the_end(store: Store) -> None:
    """Also when no look came in time."""
    with BackgroundMerger(store, interval=3600):
        store.record(Outcome("a", "boom"))
    assert 0 == store.stats().waiting


def test_history_in_use_ends_nothing(store: Store, folder: Path) -> None:
    """What waits stays durable, and a later merge takes it."""
    store.record(Outcome("a", "boom"))
    store.merge()
    with duckdb.connect(folder / "outcomes.duckdb"):
        merger = BackgroundMerger(store, interval=0.01).start()
        store.record(Outcome("b", "boom"))
        merger.stop(wait=0.05)
        assert 1 == store.count_waiting()[0]
    assert 1 == store.merge()


def test_fault_is_logged_not_raised(store: Store, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A damaged history must not end the program that only records."""
    store.record(Outcome("a", "boom"))
    (folder / "outcomes.duckdb").write_bytes(b"rubbish" * 1000)
    with BackgroundMerger(store, interval=3600):
        pass
    assert any(message.startswith("errclass.merge_failed") for message in caplog.messages)
