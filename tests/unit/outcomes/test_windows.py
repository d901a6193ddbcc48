"""What happened in a span of time is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from errclass.core.types import Context, Decision, Label, Outcome
from errclass.outcomes import Place, Store, Window, read_window

START = datetime(2026, 11, 1, tzinfo=UTC)
DECISION = Decision("transient", "network", "low", True, 0.8, "retry_with_backoff", strategy="retry")


def outcome(number: int, day: int, **fields: Any) -> Outcome:
    """An outcome of a cause of its own."""
    usual = {"text": f"boom {number}", "time": START + timedelta(days=day), "fingerprint": f"{number:016}"}
    return Outcome(id=f"id-{number}-{day}", **{**usual, **fields})


def read(store: Store, first: int | None, last: int | None) -> Window:
    return read_window(store, *(None if day is None else START + timedelta(days=day) for day in (first, last)))


def test_the_start_is_in_and_the_end_is_not(store: Store) -> None:
    """Windows that meet share nothing and lose nothing."""
    store.record_many(outcome(day, day) for day in range(10))
    assert [3, 7, 10] == [read(store, *days).outcomes for days in ((None, 3), (3, None), (None, None))]
    assert START + timedelta(days=3) == read(store, 3, 7).first


def test_an_empty_window_has_nothing(store: Store) -> None:
    """No mean of nothing either."""
    store.record(outcome(1, 0))
    assert Window(0, None, {}, 0, {}, 0, None, 0, 0, 0, (), {}) == read(store, 5, 9)


def test_unseen_is_what_no_earlier_case_had(store: Store) -> None:
    """Also when it came twice in the window; texts without a fingerprint are neither."""
    known, new = "a" * 16, "b" * 16
    store.record_many(
        [
            outcome(1, 0, fingerprint=known),
            outcome(2, 5, fingerprint=known),
            outcome(3, 5, fingerprint=new),
            outcome(4, 6, fingerprint=new),
            outcome(5, 6, fingerprint=None),
        ]
    )
    window = read(store, 3, None)
    assert ({known: 1, new: 2}, 2, 3, 4) == (
        window.fingerprints,
        window.unseen,
        window.fingerprinted,
        window.outcomes,
    )
    assert 1 == read(store, None, 3).unseen


def test_types_are_counted_by_cause(store: Store) -> None:
    """As decided, else as labelled; a failure that comes back is no other mix."""
    same = {"fingerprint": "a" * 16, "decision": DECISION}
    store.record_many([outcome(number, 1, **same) for number in range(5)])
    store.record(outcome(7, 1, labels=(Label("test", "import"),)))
    store.record(outcome(8, 1))
    assert {"network": 1, "test": 1} == read(store, None, None).types


def test_answers_and_their_re_runs_are_counted(store: Store) -> None:
    """Only re-runs that were planned and that ended."""
    store.record_many(
        [
            outcome(1, 1, decision=DECISION, success=True),
            outcome(2, 1, decision=replace(DECISION, confidence=0.4, abstained="low_margin"), success=False),
            outcome(3, 1, decision=replace(DECISION, strategy="notify"), success=True),
            outcome(4, 1, decision=DECISION),
            outcome(5, 1, success=True),
        ]
    )
    window = read(store, None, None)
    assert (4, 1, 2, 1) == (window.decided, window.abstained, window.retried, window.retried_well)
    assert window.confidence == pytest.approx(0.7)


def test_labelled_causes_say_how_right_the_answers_were(store: Store) -> None:
    """One per cause, its newest case; evidence is no truth."""
    human, weak = Label("network", "human"), Label("network", "weak")
    store.record_many(
        [
            outcome(1, 1, decision=DECISION, labels=(human,)),
            outcome(1, 2, decision=replace(DECISION, type="test", confidence=0.5), labels=(human,)),
            outcome(2, 1, decision=DECISION, labels=(weak,)),
            outcome(3, 1, labels=(human,)),
            outcome(4, 1, decision=DECISION, labels=(Label("network", "import"),)),
        ]
    )
    assert ((0.5, False), (0.8, True)) == read(store, None, None).judged
    assert ((0.8, True), (0.8, True)) == read(store, None, 2).judged


def test_places_are_counted_by_kind(store: Store) -> None:
    """A name may be a tool's and a job's."""
    context = Context(operation="deploy", component="shop", job="npm")
    store.record_many(
        [outcome(1, 1, tool="npm", context=context), outcome(2, 1, tool="npm"), outcome(3, 1, context=context)]
    )
    assert {
        Place("tool", "npm"): 2,
        Place("job", "npm"): 2,
        Place("operation", "deploy"): 2,
        Place("component", "shop"): 2,
    } == read(store, None, None).places
