"""Labelled outcomes in order of time, one per cause, and the newest of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from errclass.core.types import Context, Decision, Label, Outcome
from errclass.outcomes import LabelledOutcome, Store, load_labelled, newest_slice

START = datetime(2026, 11, 1, tzinfo=UTC)
DECISION = Decision(
    "transient", "network", "low", True, 0.9, "retry_with_backoff", abstained="low_margin", model_version="linear-1"
)


def outcome(
    number: int, *labels: Label, day: int = 0, fingerprint: str | None = "", decision: Decision | None = None
) -> Outcome:
    """An outcome of a cause of its own unless it is given a fingerprint."""
    return Outcome(
        id=f"id-{number}",
        text=f"boom {number}",
        time=START + timedelta(days=day),
        fingerprint=f"{number:016}" if fingerprint == "" else fingerprint,
        context=Context(job="nightly", component="shop", operation="deploy"),
        tool="npm",
        decision=decision,
        labels=labels,
    )


NETWORK, TEST, HUMAN = Label("network", "import"), Label("test", "import"), Label("build", "human")


def test_an_absent_store_has_none(store: Store) -> None:
    """And is not created by asking."""
    assert ([], False) == (load_labelled(store), store.exists())


def test_all_that_was_known_and_decided_comes_along(store: Store) -> None:
    """Where it ran, who labelled it, and what the model of then said."""
    store.record(outcome(1, Label("test", "human", retryable=False), decision=DECISION))
    assert [
        LabelledOutcome(
            "boom 1",
            "test",
            START,
            "human",
            fingerprint=f"{1:016}",
            tool="npm",
            job="nightly",
            component="shop",
            operation="deploy",
            retryable=False,
            decided_type="network",
            confidence=0.9,
            abstained="low_margin",
            decided_retryable=True,
            model_version="linear-1",
        )
    ] == load_labelled(store)


def test_oldest_first_whatever_the_order_of_recording(store: Store) -> None:
    """History may be imported late."""
    store.record_many([outcome(1, NETWORK, day=9), outcome(2, TEST, day=1), outcome(3, NETWORK, day=5)])
    assert ["boom 2", "boom 3", "boom 1"] == [one.text for one in load_labelled(store)]


@pytest.mark.parametrize("source", ["outcome", "weak"])
def test_evidence_is_no_truth(store: Store, source: str) -> None:
    """Only people and their history say what a failure was."""
    store.record_many([outcome(1, Label("test", source)), outcome(2)])  # type: ignore[arg-type]
    assert [] == load_labelled(store)


def test_a_label_that_was_taken_out_counts_for_nothing(store: Store) -> None:
    """Weight 0 takes an opinion out."""
    store.record(outcome(1, Label("network", "human", weight=0.0)))
    assert [] == load_labelled(store)


def test_a_cause_is_as_old_as_its_first_case(store: Store) -> None:
    """What comes again was known before, and says nothing of what is new; the text is that of the newest case."""
    again = replace(outcome(2, NETWORK, day=9), fingerprint=f"{1:016}")
    store.record_many([outcome(1, NETWORK), again, outcome(3, TEST, day=5)])
    assert [("boom 2", START), ("boom 3", START + timedelta(days=5))] == [
        (o.text, o.time) for o in load_labelled(store)
    ]


def test_one_row_per_cause_and_type(store: Store) -> None:
    """However often it failed; two opinions of equal weight are both kept."""
    store.record_many(outcome(n, NETWORK if n % 3 else TEST, fingerprint="f" * 16) for n in range(9))
    assert ["network", "test"] == [one.type for one in load_labelled(store)]


def test_a_person_corrects_the_whole_cause(store: Store) -> None:
    """As in the training set."""
    store.record_many(outcome(n, NETWORK, fingerprint="f" * 16) for n in range(3))
    store.record(outcome(9, HUMAN, fingerprint="f" * 16))
    assert ["build"] == [one.type for one in load_labelled(store)]


def test_texts_without_fingerprint_are_causes_of_their_own(store: Store) -> None:
    """Equal ones are one."""
    first = outcome(1, NETWORK, fingerprint=None)
    store.record_many([first, replace(first, id="other"), outcome(2, NETWORK, fingerprint=None)])
    assert ["boom 1", "boom 2"] == sorted(one.text for one in load_labelled(store))


def test_older_causes_may_be_left_out(store: Store) -> None:
    """By a moment, itself included."""
    store.record_many(outcome(n, NETWORK, day=n) for n in range(4))
    assert 2 == len(load_labelled(store, since=START + timedelta(days=2)))


def test_what_waits_and_what_was_merged_are_one(store: Store) -> None:
    """The slice does not depend on who merged when."""
    store.record(outcome(1, NETWORK))
    store.merge()
    store.record(outcome(2, TEST, day=1))
    assert ["network", "test"] == [one.type for one in load_labelled(store)]


@pytest.mark.parametrize(
    ("outcomes", "share", "least", "size"),
    [(100, 0.2, 5, 20), (101, 0.2, 5, 21), (100, 0.2, 30, 30), (50, 0.2, 30, 25), (1, 0.2, 1, 0), (9_000, 0.5, 20, 2000), (0, 0.2, 20, 0)],
)  # fmt: skip
def test_the_newest_are_a_share_a_number_at_least_and_half_at_most(
    outcomes: int, share: float, least: int, size: int
) -> None:
    """The last ones, in their order."""
    found = [LabelledOutcome(str(number), "test", START, "human") for number in range(outcomes)]
    chosen = newest_slice(found, share=share, least=least)
    assert found[outcomes - size :] == list(chosen)
