from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from errclass.core.types import Context, Outcome
from errclass.outcomes import ImportReport, Row, Store, import_outcomes, load_training_set

FILE_TIME = datetime(2026, 1, 2, tzinfo=UTC)


def take(store: Store, rows: Iterable[Row]) -> ImportReport:
    """Import rows with a mask that hides one word."""
    return import_outcomes(
        store,
        rows,
        mask=lambda text: text.replace("hunter2", "<secret>"),
        fingerprint=lambda text: text[:4],
        time=FILE_TIME,
    )


def only(store: Store) -> Outcome:
    """The one outcome of a store."""
    (outcome,) = store.outcomes()
    return outcome


def test_import_counts_rows_and_labels(store: Store) -> None:
    """More rows than one group holds."""
    rows = (Row("boom", f"line {number}", "test" if number % 2 else None) for number in range(1001))
    assert ImportReport(1001, 500) == take(store, rows)


def test_text_is_masked_before_anything_sees_it(store: Store) -> None:
    """Neither the stored text nor its fingerprint comes from the raw text."""
    take(store, [Row("hunter2 refused", "line 1")])
    assert ("<secret> refused", "<sec") == (only(store).text, only(store).fingerprint)


def test_row_keeps_what_it_knew(store: Store) -> None:
    """Its own time goes before the file's; the source says where it came from."""
    time = datetime(2025, 5, 5, tzinfo=UTC)
    take(store, [Row("boom", "line 1", success=False, time=time, tool="npm", context=Context(job="ci"))])
    found = only(store)
    assert (False, time, "npm", Context(job="ci", source="import")) == (
        found.success,
        found.time,
        found.tool,
        found.context,
    )


def test_row_without_time_gets_the_files(store: Store) -> None:
    """Import time would make old failures look fresh."""
    take(store, [Row("boom", "line 1")])
    assert FILE_TIME == only(store).time


def test_second_import_adds_nothing(store: Store) -> None:
    """Whether or not the first one was merged meanwhile."""
    rows = [Row("boom", "line 1", "test"), Row("boom", "line 2", "test"), Row("bang", "line 3")]
    take(store, rows)
    take(store, rows)
    store.merge()
    take(store, rows)
    assert (3, 2) == (store.stats().outcomes, store.stats().labelled["import"])
    assert 2 == sum(len(outcome.labels) for outcome in store.outcomes())


def test_equal_rows_at_two_places_are_two(store: Store) -> None:
    """The same failure may well have happened twice."""
    take(store, [Row("boom", "line 1"), Row("boom", "line 2")])
    assert 2 == store.stats().outcomes


def test_corrected_label_is_added(store: Store) -> None:
    """A file whose label was corrected afterwards teaches the new one too."""
    take(store, [Row("boom", "line 1", "test")])
    take(store, [Row("boom", "line 1", "build")])
    assert ["build", "test"] == sorted(label.type for label in only(store).labels)


def test_imported_labels_teach(store: Store) -> None:
    """The way from a history file to the training set."""
    take(store, [Row("boom", "line 1", "test", retryable=False)])
    (example,) = load_training_set(store)
    assert ("boom", "test", False, 1.0) == (example.text, example.type, example.retryable, example.weight)
