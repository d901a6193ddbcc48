"""What re-runs say of causes that nobody labelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from errclass.core.happenings import Attempt
from errclass.core.types import Context, Decision, Example, Label, Outcome
from errclass.outcomes import Evidence, Store, load_evidence
from errclass.outcomes.evidence import NOISE, belief
from errclass.outcomes.weights import SOURCE_WEIGHTS

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CAUSE = "0123456789abcdef"
TRANSIENT = {"network", "temporary"}


def failed(name: str, kind: str = "network", *, hours: int = 0, **fields: object) -> Outcome:
    """A decided failure."""
    abstained = fields.pop("abstained", None)
    decision = Decision("c", kind, "low", True, 0.9, "x", abstained=abstained)  # type: ignore[arg-type]
    values = {"text": "boom", "time": NOW - timedelta(hours=hours), "fingerprint": CAUSE, "tool": "npm"} | fields
    return Outcome(name, decision=decision, **values)  # type: ignore[arg-type]


def rerun(store: Store, *results: bool, of: str = "a", **fields: object) -> None:
    """Unchanged re-runs with these results."""
    for number, success in enumerate(results):
        store.record_attempt(Attempt(f"{of}:{number}", success, failure_id=of, **fields))  # type: ignore[arg-type]


def weigh(store: Store) -> list[tuple[str, bool | None, float]]:
    """Type, whether a re-run helps, and weight of each example."""
    found = [one.example for one in load_evidence(store, TRANSIENT)]
    return [(one.type, one.retryable, round(one.weight, 6)) for one in found]


def test_a_passed_rerun_is_weak_evidence(store: Store) -> None:
    """Of the decided type, with the source's weight less the noise that others measured."""
    store.record(failed("a"))
    rerun(store, True)
    weight = SOURCE_WEIGHTS["outcome"] * (1 - 0.32)
    expected = [Evidence(CAUSE, Example("boom", "network", True, weight, "npm", "outcome"))]
    assert expected == load_evidence(store, TRANSIENT)
    store.merge()
    assert expected == load_evidence(store, TRANSIENT)


def test_more_passes_weigh_more_but_never_more_than_the_source() -> None:
    """The chance that all of them misled shrinks."""
    beliefs = [belief(number) for number in range(50)]
    assert (0.0, 1 - NOISE) == (beliefs[0], beliefs[1])
    assert sorted(beliefs) == beliefs
    assert beliefs[-1] <= 1.0


@pytest.mark.parametrize(
    ("kind", "results", "expected"),
    [
        ("network", (False, True), [("network", True, 0.34)]),
        ("network", (True, True), [("network", True, 0.4488)]),
        ("test", (False, False, False), [("test", False, 0.34)]),
        ("test", (False, False, False, False), [("test", False, 0.4488)]),
        ("test", (False, False), []),  # two may be bad luck
        ("test", (True,), []),  # contradicts: it does not say what it was instead
        ("test", (False, False, False, True), []),
        ("network", (False, False, False), []),  # contradicts likewise
    ],
)
def test_evidence_that_agrees_with_the_decision(
    store: Store, kind: str, results: tuple[bool, ...], expected: object
) -> None:
    """And none where it contradicts it."""
    store.record(failed("a", kind))
    rerun(store, *results)
    assert expected == weigh(store)


@pytest.mark.parametrize("source", ["human", "import", "outcome"])
def test_a_label_outranks_evidence(store: Store, source: str) -> None:
    """Of the same cause, on any failure, until it is taken back."""
    store.record_many([failed("a"), failed("b", labels=(Label("test", source, id="l"),))])  # type: ignore[arg-type]
    rerun(store, True)
    assert [] == weigh(store)
    store.undo_label("l")
    assert [("network", True, 0.34)] == weigh(store)


def test_the_newest_decision_is_what_evidence_is_about(store: Store) -> None:
    """A newer model may see it better."""
    store.record_many([failed("a", "test", hours=5), failed("b", "temporary", hours=1, text="bang")])
    rerun(store, True)
    assert [("temporary", True, 0.34)] == weigh(store)


@pytest.mark.parametrize(
    ("reason", "outcome", "attempt"),
    [
        ("the decision was unsure", failed("a", abstained="low_margin"), {}),
        ("no fingerprint to speak for", failed("a", fingerprint=None), {}),
        ("something was changed", failed("a"), {"unchanged": False}),
        ("a recovery ran before it", failed("a"), {"recovery": "clear_cache"}),
    ],
)
def test_no_evidence(store: Store, reason: str, outcome: Outcome, attempt: dict[str, object]) -> None:
    """A guess is not made true, and only an unchanged re-run tells."""
    store.record(outcome)
    rerun(store, True, **attempt)
    assert [] == weigh(store), reason


def test_an_end_reached_by_retrying_is_a_rerun(store: Store) -> None:
    """Where no attempt tells of it; otherwise it is the same one."""
    store.record_many([failed("a"), failed("b", fingerprint="e" * 16)])
    for name in "ab":
        store.resolve(name, True, how="retry")
    rerun(store, True, of="b")
    assert [("network", True, 0.34)] * 2 == weigh(store)


def test_other_ends_are_none(store: Store) -> None:
    """Somebody mended it."""
    store.record(failed("a"))
    store.resolve("a", True, how="fix")
    assert [] == weigh(store)


def test_reruns_are_found_by_their_run(store: Store) -> None:
    """The next call of the same run follows the failed one."""
    first = Context(operation="deploy", operation_id="run", attempt=1)
    store.record(failed("a", context=first))
    store.record_attempt(Attempt("n", True, Context(operation="deploy", operation_id="run", attempt=2)))
    assert [("network", True, 0.34)] == weigh(store)


def test_a_rerun_that_failed_of_another_cause_says_nothing(store: Store) -> None:
    """It got past the first one."""
    for run in "abc":
        contexts = [Context(operation="deploy", operation_id=run, attempt=number) for number in (1, 2)]
        other = "e" * 16 if run == "c" else CAUSE
        store.record_many(
            [failed(run, "test", context=contexts[0]), failed(run * 2, "test", context=contexts[1], fingerprint=other)]
        )
        store.record_attempt(Attempt(run, False, contexts[1], failure_id=run))
    assert [] == weigh(store)
    rerun(store, False)
    assert [("test", False, 0.34)] == weigh(store)


def test_only_what_was_recorded_until_then_counts(store: Store) -> None:
    """So that a training can be repeated."""
    store.record(failed("a"))
    rerun(store, True)
    assert [] == load_evidence(store, TRANSIENT, until=NOW - timedelta(days=900))


def test_an_absent_store_has_none(store: Store) -> None:
    """And is not created by asking."""
    assert ([], False) == (load_evidence(store, TRANSIENT), store.exists())
