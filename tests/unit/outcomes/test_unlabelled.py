from __future__ import annotations

from datetime import UTC, datetime, timedelta

from errclass.core.types import Label, Outcome
from errclass.outcomes import Store, UnlabelledCause, iter_unlabelled

START = datetime(2026, 11, 1, tzinfo=UTC)


def fill(store: Store) -> None:
    """Five causes with two failures each, the first of them labelled, and one failure without fingerprint."""
    for number in range(5):
        labels = (Label("test", "weak", id="l"),) if number == 0 else ()
        for hour in range(2):
            time = START + timedelta(days=number, hours=hour)
            store.record(
                Outcome(f"{number}-{hour}", f"text {number} {hour}", time, str(number) * 16, tool="npm", labels=labels)
            )
            labels = ()
    store.record(Outcome("alone", "boom", START + timedelta(days=9)))


def test_each_cause_without_a_label_is_given_once(store: Store) -> None:
    """With its newest text."""
    fill(store)
    expected = [UnlabelledCause(str(number) * 16, f"text {number} 1", "npm") for number in range(1, 5)]
    assert expected == sorted(iter_unlabelled(store, limit=99), key=lambda cause: cause.fingerprint)
    store.undo_label("l")
    assert 5 == len(list(iter_unlabelled(store, limit=99)))


def test_the_newest_are_taken_page_by_page(store: Store) -> None:
    """No more of them than asked for."""
    fill(store)
    assert {"4" * 16, "3" * 16, "2" * 16} == {cause.fingerprint for cause in iter_unlabelled(store, limit=3, page=2)}


def test_an_absent_store_has_none(store: Store) -> None:
    """And is not created by asking."""
    assert ([], False) == (list(iter_unlabelled(store, limit=9)), store.exists())
