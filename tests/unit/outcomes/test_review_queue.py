"""Which causes a person is asked about first."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from errclass.core.happenings import Attempt
from errclass.core.types import Context, Decision, Outcome, TypeProbability
from errclass.outcomes import ReviewItem, Store, load_review_queue

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def failed(
    name: str, *, cause: str | None = "", days: float = 0, place: str | None = None, **decided: object
) -> Outcome:
    """A failure with a decision; its cause is its name unless it is said."""
    values: dict[str, Any] = {"category": "persistent", "type": "test", "severity": "medium", "retryable": False}
    values |= {"confidence": 0.8, "suggested_action": "x"} | decided
    return Outcome(
        name,
        "step one\nboom\nend",
        NOW - timedelta(days=days),
        name * 16 if cause == "" else cause,
        context=Context(environment=place),
        decision=Decision(**values),
    )


def queue(store: Store, **options: Any) -> list[ReviewItem]:
    return load_review_queue(store, now=NOW, **options)


def only(store: Store) -> ReviewItem:
    (item,) = queue(store)
    return item


def test_an_item_says_all_there_is_to_say(store: Store) -> None:
    """Of the newest case of its cause."""
    others = (TypeProbability("build", 0.15),)
    store.record_many([failed("a", days=2, cause="c"), failed("b", cause="c", alternatives=others, evidence=("boom",))])
    expected = ReviewItem(
        id="b",
        fingerprint="c",
        count=2,
        first_seen=NOW - timedelta(days=2),
        last_seen=NOW,
        type="test",
        confidence=0.8,
        severity="medium",
        retryable=False,
        abstained=None,
        alternatives=others,
        evidence=("boom",),
        excerpt="step one\nboom\nend",
        opinions=(),
        retries=0,
        retry_successes=0,
        cost=15.0,
        uncertainty=pytest.approx(0.2),  # type: ignore[arg-type]
        frequency=pytest.approx(math.log2(2 + 0.5 ** (2 / 30))),  # type: ignore[arg-type]
        priority=pytest.approx(15 * 0.2 * math.log2(2 + 0.5 ** (2 / 30)), abs=1e-5),  # type: ignore[arg-type]
        reasons=("seen 2 times", "about 15 minutes each (severity medium)", "the decision has a confidence of 80 %"),
    )
    assert expected == only(store)
    store.merge()
    assert expected == only(store)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (failed("a", severity="critical"), failed("b", severity="high")),
        (failed("a", severity="medium"), failed("b", severity="low")),
        (failed("a", place="production"), failed("b", place="staging")),
        (failed("a", place="our-own"), failed("b", place="development")),
        (failed("a", confidence=0.5), failed("b", confidence=0.9)),
        (failed("a", confidence=0.9, abstained="novel"), failed("b", confidence=0.6)),
        (failed("a", days=1), failed("b", days=40)),
        (failed("a"), failed("b")),
    ],
)
def test_what_ranks_before_what(store: Store, first: Outcome, second: Outcome) -> None:
    """All else being equal; ties go by the cause."""
    store.record_many([second, first])
    assert ["a", "b"] == [item.id for item in queue(store)]


def test_frequency_is_damped(store: Store) -> None:
    """Fifteen times as many are four times as urgent."""
    store.record_many([failed("a"), *(failed(f"b{number}", cause="b") for number in range(15))])
    assert [4.0, 1.0] == [item.frequency for item in queue(store)]


def test_nothing_decided_is_the_greatest_doubt(store: Store) -> None:
    """And costs as much as a failure of medium severity."""
    store.record(Outcome("a", "boom", NOW))
    item = only(store)
    assert (1.0, 15.0, None, None) == (item.uncertainty, item.cost, item.type, item.fingerprint)
    assert "nothing was decided" in item.reasons


def relabel(kind: str, source: str = "import") -> Callable[[Store], None]:
    return lambda store: store.label("a", kind, source) and None  # type: ignore[arg-type]


def rerun(*results: bool) -> Callable[[Store], None]:
    def record(store: Store) -> None:
        for number, success in enumerate(results):
            store.record_attempt(Attempt(f"r{number}", success, failure_id="a"))

    return record


@pytest.mark.parametrize(
    ("decided", "what", "uncertainty", "reason"),
    [
        ({}, relabel("build"), 1 - 0.8 * 0.5, "import says build; decided was test"),
        ({}, relabel("test"), 0.2, "import says test"),
        ({"confidence": 0.4}, relabel("test"), 0.2, "import says test"),
        ({"confidence": 0.4}, relabel("test", "weak"), 0.6, "weak says test"),
        ({}, rerun(True, False), 1 - 0.8 * 0.32, "should not help, but 1 of 2 passed"),
        ({}, rerun(False, False, False), 0.2, "confidence"),
        ({"retryable": True}, rerun(False, False, False), 1 - 0.8 * 0.32, "should help, but 0 of 3 passed"),
        ({"retryable": True}, rerun(False, False), 0.2, "confidence"),
        ({"retryable": True}, rerun(True), 0.2, "confidence"),
        ({"abstained": "low_margin"}, rerun(), 0.5, "unsure (low_margin)"),
    ],
)
def test_doubts_add_up(
    store: Store, decided: dict[str, Any], what: Callable[[Store], None], uncertainty: float, reason: str
) -> None:
    """Disagreeing labels and contradicting re-runs raise the doubt, and an agreeing import lowers it."""
    store.record(failed("a", **decided))
    what(store)
    item = only(store)
    assert uncertainty == pytest.approx(item.uncertainty)
    assert reason in "; ".join(item.reasons)


def test_measured_minutes_are_added(store: Store) -> None:
    """Of the failed call itself and of failed re-runs, per failure."""
    store.record_many([failed("a", cause="c"), failed("b", cause="c")])
    for name, minutes in (("a", 3), ("b", 9)):
        store.record_attempt(Attempt(name, False, failure_id=name, started=NOW - timedelta(minutes=minutes), ended=NOW))
    store.record_attempt(Attempt("fine", True, failure_id="a", started=NOW - timedelta(hours=5), ended=NOW))
    assert 15 + 6 == pytest.approx(only(store).cost)


def test_what_a_person_labelled_is_not_asked_again(store: Store) -> None:
    """On any of its failures, until it is taken back."""
    store.record_many([failed("a", cause="c"), failed("b", cause="c"), failed("d")])
    label = store.label("a", "build", spreads=True)
    assert ["d"] == [item.id for item in queue(store)]
    store.undo_label(label)
    assert {"b", "d"} == {item.id for item in queue(store)}


def test_failures_without_fingerprint_stand_for_themselves(store: Store) -> None:
    """Labelling one leaves the other."""
    store.record_many([failed("a", cause=None), failed("b", cause=None)])
    store.label("a", "build", spreads=True)
    assert ["b"] == [item.id for item in queue(store)]


def test_a_decided_case_is_shown_before_a_newer_undecided_one(store: Store) -> None:
    """There is more to say about it."""
    store.record_many([failed("a", days=3, cause="c"), Outcome("b", "boom", NOW, "c")])
    assert "a" == only(store).id


def test_the_order_does_not_depend_on_the_way_in(store: Store, tmp_path: Any) -> None:
    """Nor on what is merged; a limit takes the first."""
    outcomes = [failed(f"{n}", days=n % 7, confidence=0.5 + n % 5 / 10, cause=f"c{n % 11}") for n in range(60)]
    store.record_many(outcomes)
    with Store(tmp_path / "other") as other:
        other.record_many(reversed(outcomes))
        other.merge()
        assert queue(store) == queue(other)
        assert queue(store)[:4] == queue(other, limit=4)


def test_an_absent_store_has_none(store: Store) -> None:
    """And is not created by asking."""
    assert ([], False) == (queue(store), store.exists())
