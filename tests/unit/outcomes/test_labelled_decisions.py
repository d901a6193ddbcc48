"""What was known when failures were decided, beside what they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from errclass.core.happenings import Attempt
from errclass.core.types import Context, Decision, Label, Outcome
from errclass.outcomes import LabelledDecision, Store, load_labelled_decisions

START = datetime(2026, 11, 1, tzinfo=UTC)
CAUSE = "0123456789abcdef"
FACTS = {"predicted_type": "test", "confidence": 0.9, "exit_code": 42, "cancelled": False}
HUMAN, IMPORT = Label("network", "human", retryable=True), Label("build", "import")


def failed(name: str, *labels: Label, days: int = 0, **fields: Any) -> Outcome:
    """A decided failure of one cause."""
    decision = Decision("c", "test", "low", False, 0.9, "x", model_version="linear-1")
    values = {"fingerprint": CAUSE, "facts": FACTS, "decision": decision, "labels": labels}
    return Outcome(name, f"boom {name}", START + timedelta(days=days), **{**values, **fields})


def load(store: Store, since: datetime = START) -> list[tuple[str | None, bool | None]]:
    """Type and whether a re-run helps, in order."""
    return [(row.type, row.retryable) for row in load_labelled_decisions(store, since)]


def test_an_absent_store_has_none(store: Store) -> None:
    """And is not created by asking."""
    assert ([], False) == (load_labelled_decisions(store, START), store.exists())


def test_facts_come_with_the_truth(store: Store) -> None:
    """As they were when it was decided, merged or not."""
    store.record(failed("a", HUMAN))
    expected = [LabelledDecision(CAUSE, START, FACTS, "network", True, "linear-1")]
    assert expected == load_labelled_decisions(store, START)
    store.merge()
    assert expected == load_labelled_decisions(store, START)


@pytest.mark.parametrize(
    "silent",
    [
        failed("a"),
        failed("a", Label("test", "weak"), Label("test", "outcome")),
        failed("a", replace(HUMAN, weight=0.0)),
        failed("a", HUMAN, facts={}),
        failed("a", HUMAN, days=-1),
    ],
    ids=["unlabelled", "evidence", "weight 0", "no facts", "too old"],
)
def test_without_label_facts_or_in_another_time_there_is_nothing(store: Store, silent: Outcome) -> None:
    """Codes and outcomes are no truth about a type; and imported history has no facts."""
    store.record(silent)
    assert [] == load(store)


def test_one_row_per_cause_and_place(store: Store) -> None:
    """From the newest case there, oldest cause first; a cause is as old as its first case."""
    shop, bank = Context(component="shop"), Context(component="bank")
    store.record_many(
        [
            failed("a", HUMAN, context=shop, days=3),
            failed("b", HUMAN, context=shop, days=5, facts={"attempt": 2}),
            failed("c", HUMAN, context=bank, days=4),
            failed("d", IMPORT, days=1, fingerprint=None),
        ]
    )
    rows = load_labelled_decisions(store, START)
    assert [("build", 1), ("network", 3), ("network", 3)] == [(row.type, (row.time - START).days) for row in rows]
    assert [{"attempt": 2}, FACTS] == sorted((row.facts for row in rows[1:]), key=len)  # type: ignore[arg-type]


def test_a_text_without_fingerprint_is_a_cause_and_is_not_handed_out(store: Store) -> None:
    """Equal texts are one cause."""
    first = failed("a", IMPORT, fingerprint=None)
    store.record_many([first, replace(first, id="b"), failed("c", IMPORT, fingerprint=None)])
    causes = [row.cause for row in load_labelled_decisions(store, START)]
    assert 2 == len(set(causes)) == len(causes)
    assert not any("boom" in cause for cause in causes)


def test_a_person_corrects_the_whole_cause(store: Store) -> None:
    """Imported opinions on other cases of it are left out."""
    store.record_many([failed("a", IMPORT), failed("b", HUMAN, context=Context(component="shop"))])
    assert [("network", True)] == load(store)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([True] * 3, [(None, True)]),
        ([True] * 2, [(None, None)]),
        ([True] * 3 + [False] * 3, [(None, True)]),
        ([True] * 3 + [False] * 4, [(None, None)]),
        ([False] * 5, [(None, False)]),
        ([False] * 4, [(None, None)]),
        ([False] * 9 + [True], [(None, None)]),
    ],
)
def test_reruns_tell_of_themselves_when_they_are_many(
    store: Store, results: list[bool], expected: list[tuple[None, bool | None]]
) -> None:
    """Three that passed and were no exception, or five in vain."""
    store.record(failed("a"))
    for number, success in enumerate(results):
        store.record_attempt(Attempt(f"a:{number}", success, failure_id="a"))
    assert expected == load(store)


def test_what_was_said_outranks_reruns(store: Store) -> None:
    """A person may know better; one who said nothing of re-runs leaves it to them."""
    store.record_many([failed("a", HUMAN), failed("b", replace(HUMAN, retryable=None), fingerprint="f" * 16)])
    for name in ("a", "b"):
        for number in range(5):
            store.record_attempt(Attempt(f"{name}:{number}", False, failure_id=name))
    assert [("network", True), ("network", False)] == load(store)


@pytest.mark.parametrize("damaged", ["no JSON", "[]", "[" * 100_000, "null"])
def test_damaged_facts_are_told_from_none(store: Store, damaged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is there, and says that its facts are lost."""
    from errclass.outcomes import records

    whole = records._json
    monkeypatch.setattr(records, "_json", lambda value: damaged if value == FACTS else whole(value))
    store.record(failed("a", HUMAN))
    assert [None] == [row.facts for row in load_labelled_decisions(store, START)]
