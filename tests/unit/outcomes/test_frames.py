from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from errclass.core.errors import UsageError
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CAUSE = "0123456789abcdef"


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A store whose present is NOW."""
    with Store(place, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture(params=[False, True], ids=["row by row", "in bulk"])
def masked(request: pytest.FixtureRequest) -> bool:
    """Both ways leave the same in the store."""
    return bool(request.param)


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def test_rows_become_outcomes(store: Store, masked: bool) -> None:
    """With what the columns say; rows without a text are left out."""
    count = store.record_frame(
        frame(
            {"id": "a", "text": "boom", "fingerprint": CAUSE, "operation": "deploy", "exit_code": 7, "success": True,
             "occurred_at": pd.Timestamp("2026-11-24 10:00"), "commit_id": "c0ffee", "tool": "npm", "attempt": 2},
            {"id": "b", "text": "  "},
        ).astype({"exit_code": "Int64", "attempt": "Int64", "success": "boolean"}),
        masked=masked,
    )  # fmt: skip
    (outcome,) = store.outcomes()
    assert (1, "a", "boom", CAUSE, 7, True, "npm") == (
        count, outcome.id, outcome.text, outcome.fingerprint, outcome.exit_code, outcome.success, outcome.tool,
    )  # fmt: skip
    assert Context(operation="deploy", attempt=2, commit="c0ffee") == outcome.context
    assert datetime(2026, 11, 24, 10, tzinfo=UTC) == outcome.time


def test_missing_columns_have_defaults(store: Store, masked: bool) -> None:
    """A new id each, and the present as time."""
    store.record_frame(frame({"text": "boom"}, {"text": "bang"}), masked=masked)
    found = list(store.outcomes())
    assert (2, {NOW}) == (len({outcome.id for outcome in found}), {outcome.time for outcome in found})


def test_history_counts_them(store: Store, masked: bool) -> None:
    """At once, the failed attempts of the last day too."""
    times = [NOW - timedelta(hours=hours) for hours in (1, 2, 30)]
    rows = [{"text": "boom", "fingerprint": CAUSE, "operation": "deploy", "occurred_at": time} for time in times]
    store.record_frame(frame(*rows).astype({"occurred_at": "datetime64[us, UTC]"}), masked=masked)
    found = store.history(CAUSE, Context(operation="deploy"))
    assert (3, 2, times[2]) == (found.seen, found.failed_attempts, found.first_seen)


def test_known_ids_stay_as_they_are(store: Store) -> None:
    """Also twice in one frame."""
    store.record(Outcome("a", "first"))
    store.merge()
    rows = frame({"id": "a", "text": "second"}, {"id": "b", "text": "one"}, {"id": "b", "text": "two"})
    assert (1, 0) == (store.record_frame(rows, masked=True), store.record_frame(rows, masked=True))
    assert {"first", "one"} == {outcome.text for outcome in store.outcomes()}


def test_texts_that_nobody_vouches_for_are_masked(store: Store) -> None:
    """That is why it is slower."""
    token = "ghp_" + "Mn4oPq6rSt" * 4
    store.record_frame(frame({"text": f"denied {token}"}))
    assert token not in next(store.outcomes()).text


def test_long_texts_are_shortened(store: Store, masked: bool) -> None:
    """To 16 KB, the end kept."""
    store.record_frame(frame({"text": "ü" * 50_000 + "the end"}), masked=masked)
    text = next(store.outcomes()).text
    assert (True, True) == (len(text.encode()) <= 16 * 1024, text.endswith("the end"))


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ({"text": "x", "colour": "red"}, "no column colour"),
        ({"message": "x"}, "no column message"),
        ({"id": "a"}, "'text'"),
    ],
)
def test_frame_of_another_shape_is_refused(store: Store, masked: bool, rows: dict[str, object], problem: str) -> None:
    """By name, and nothing is written."""
    with pytest.raises(UsageError, match=problem):
        store.record_frame(frame(rows), masked=masked)
    assert [] == list(store.outcomes())
