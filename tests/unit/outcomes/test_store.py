from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from errclass.core.errors import StoreError, UsageError
from errclass.core.frozen import FrozenDict
from errclass.core.types import (
    Chance,
    Context,
    Decision,
    Firing,
    History,
    Label,
    Outcome,
    Plan,
    RecoveryChance,
    TypeProbability,
)
from errclass.outcomes import Store, StoreStats

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CAUSE = "0123456789abcdef"
DEPLOY = Context(operation="deploy")


@pytest.fixture
def clocked(place: str) -> Iterator[Store]:
    """A store whose present is NOW."""
    with Store(place, clock=lambda: NOW) as store:
        yield store


@pytest.fixture(params=["waiting", "merged"])
def settle(request: pytest.FixtureRequest) -> object:
    """Leave what was recorded in the inbox, or merge it: answers must not depend on it."""
    return (lambda _: None) if request.param == "waiting" else Store.merge


def failed(name: str, hours: float, **fields: object) -> Outcome:
    """A failure of the deployment so many hours ago."""
    values = {"fingerprint": CAUSE, "context": DEPLOY, "time": NOW - timedelta(hours=hours)} | fields
    return Outcome(name, "boom", **values)  # type: ignore[arg-type]


def decision(**fields: object) -> Decision:
    """A decision with every field set."""
    values: dict[str, object] = {
        "category": "transient",
        "type": "network",
        "severity": "low",
        "retryable": True,
        "confidence": 0.875,
        "suggested_action": "retry_with_backoff",
        "alternatives": (TypeProbability("temporary", 0.125),),
        "evidence": ("ECONNRESET",),
        "fingerprint": CAUSE,
        "model_version": "m1",
        "context": DEPLOY,
        "metadata": FrozenDict({"k": "v"}),
        "strategy": "retry",
        "plan": Plan(max_attempts=3, retry_after=2.5),
        "channels": ("slack",),
        "rules_fired": ("evidence/reset",),
        "rules_revision": "r1",
        "decision_id": "d1",
        "because": ("the peer reset the connection",),
        "history": History(
            3, 1, 2, 1, NOW, NOW, True, Chance(0.5, 0.1, 0.9, 2, 1, "type"),
            (RecoveryChance("clear_cache", Chance(0.5, 0.1, 0.9, 2, 1, "fingerprint")),), 60.0, 5, 4, 6, True, ("t1",),
        ),
    }  # fmt: skip
    return Decision(**values | fields)  # type: ignore[arg-type]


def test_reading_an_absent_store_writes_nothing(store: Store, folder: Path) -> None:
    """Neither a question nor a merge leaves a file behind."""
    answers = (store.history(CAUSE, DEPLOY), store.stats(), list(store.outcomes()), store.merge())
    assert (History(), StoreStats(), [], 0) == answers
    assert not folder.parent.exists()


def test_outcome_comes_back_as_it_went_in(store: Store, settle: object) -> None:
    """Every field survives the way through inbox and history."""
    outcome = Outcome(
        id="any id ü",
        text="connection reset\n漢字",
        time=NOW,
        fingerprint=CAUSE,
        context=Context(
            "production", "deploy", "idempotent", 2, "op-1", "api", "o/r", "main", "abc", "job", "build", "ci", True,
            FrozenDict({"runner": "x"}),
        ),
        exit_code=-9,
        success=True,
        tool="npm",
        tags=("tool:npm",),
        facts=FrozenDict({"a": 1, "b": 0.5, "c": True, "d": "x"}),
        decision=decision(),
        labels=(Label("network", "human", 2.0, True, NOW, "ada", True),),
        failing_tests=("tests/a.py::b",),
        trace=(Firing("cause/proof", FrozenDict({"type": "network"}), FrozenDict({"x": 1}), "it says so"),),
    )  # fmt: skip
    store.record(outcome)
    settle(store)  # type: ignore[operator]
    assert [outcome] == list(store.outcomes())


def test_facts_survive_without_a_decision(store: Store, settle: object) -> None:
    """What was known is kept also when deciding failed."""
    outcome = Outcome("a", "boom", time=NOW, facts=FrozenDict({"x": 1}))
    store.record(outcome)
    settle(store)  # type: ignore[operator]
    assert [outcome] == list(store.outcomes())


def test_same_id_counts_once(store: Store) -> None:
    """Recording again, before or after a merge, changes nothing."""
    for text in ("first", "second"):
        store.record(Outcome("a", text))
    store.merge()
    store.record(Outcome("a", "third"))
    store.merge()
    assert ["first"] == [outcome.text for outcome in store.outcomes()]


def test_one_decision_may_stand_in_two_outcomes(store: Store) -> None:
    """A repeated decision id loses neither outcome's decision."""
    store.record_many([Outcome("a", "x", decision=decision()), Outcome("b", "y", decision=decision())])
    store.merge()
    assert ["d1", "d1"] == [outcome.decision.decision_id for outcome in store.outcomes() if outcome.decision]


def test_many_are_recorded_in_order(store: Store) -> None:
    """More than one group of them, taken from a generator."""
    ids = [f"{number:04}" for number in range(1201)]
    assert ids == store.record_many(Outcome(name, "boom", time=NOW) for name in ids)
    assert ids == [outcome.id for outcome in store.outcomes(page=500)]


def test_merge_counts_what_it_moved(store: Store) -> None:
    """A second merge finds nothing."""
    store.record_many(Outcome(str(number), "boom") for number in range(3))
    assert (3, 0) == (store.merge(), store.merge())


def test_files_are_for_their_owner_only(store: Store, folder: Path) -> None:
    """The folder has mode 0700, every file in it 0600."""
    store.record(Outcome("a", "boom"))
    store.merge()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert (0o700, {0o600}) == (stat.S_IMODE(folder.stat().st_mode), modes)


def test_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    """A folder that somebody shared on purpose stays shared."""
    tmp_path.chmod(0o750)
    with Store(tmp_path) as store:
        store.record(Outcome("a", "boom"))
    assert 0o750 == stat.S_IMODE(tmp_path.stat().st_mode)


def test_history_counts_a_fingerprint(clocked: Store, settle: object) -> None:
    """Other fingerprints do not count."""
    clocked.record_many([failed("a", 30), failed("b", 2), failed("c", 1), failed("d", 1, fingerprint="f" * 16)])
    settle(clocked)  # type: ignore[operator]
    expected = History(3, 2, first_seen=NOW - timedelta(hours=30), last_seen=NOW - timedelta(hours=1))
    assert expected == clocked.history(CAUSE, DEPLOY)


@pytest.mark.parametrize(
    ("reason", "others"),
    [
        ("older than 24 hours", [failed("old", 24.5)]),
        ("another operation", [failed("other", 1, context=Context(operation="build"))]),
        ("no operation", [failed("unnamed", 1, context=Context())]),
        ("another cause", [failed("cause", 1, fingerprint="f" * 16)]),
        ("succeeded in the end", [failed("well", 3, success=True)]),
        ("before the last success", [failed("before", 3), failed("well", 2, success=True, fingerprint="f" * 16)]),
        ("imported", [failed("import", 1, context=Context(operation="deploy", source="import"))]),
    ],
)
def test_not_a_failed_attempt(clocked: Store, settle: object, reason: str, others: list[Outcome]) -> None:
    """Only one attempt counts, beside others that must not."""
    clocked.record_many([failed("counts", 0.5), *others])
    settle(clocked)  # type: ignore[operator]
    assert 1 == clocked.history(CAUSE, DEPLOY).failed_attempts, reason


@pytest.mark.parametrize(
    ("reason", "others"),
    [
        ("known to have failed", [failed("b", 1, success=False)]),
        ("just inside 24 hours", [failed("b", 23.9)]),
        ("success of another operation", [failed("b", 1), failed("c", 0.2, context=Context(), success=True)]),
        ("imported success", [failed("b", 1), failed("c", 0.2, context=Context(operation="deploy", source="import"),
                                                    success=True)]),
    ],
)  # fmt: skip
def test_failed_attempt(clocked: Store, settle: object, reason: str, others: list[Outcome]) -> None:
    """Two attempts count."""
    clocked.record_many([failed("counts", 0.5), *others])
    settle(clocked)  # type: ignore[operator]
    assert 2 == clocked.history(CAUSE, DEPLOY).failed_attempts, reason


def test_waiting_and_merged_failures_add_up(clocked: Store) -> None:
    """History and inbox are read together, and what is in both counts once."""
    clocked.record(failed("a", 3))
    clocked.merge()
    clocked.record_many([failed("a", 3), failed("b", 2)])
    assert 2 == clocked.history(CAUSE, DEPLOY).failed_attempts


def test_later_success_resets_the_count(clocked: Store) -> None:
    """Reporting the result afterwards counts from that moment."""
    clocked.record_many([failed("a", 3), failed("b", 2)])
    clocked.merge()
    clocked.resolve("b", success=True)
    assert 0 == clocked.history(CAUSE, DEPLOY).failed_attempts


def test_resolved_retries_are_observed(clocked: Store, settle: object) -> None:
    """A retry that was decided and whose end is known counts; an open one and another strategy do not."""
    retry, escalate = decision(), decision(strategy="escalate")
    clocked.record_many(
        [
            failed("a", 4, decision=retry, success=True),
            failed("b", 3, decision=retry, success=False),
            failed("c", 2, decision=retry),
            failed("d", 1, decision=escalate, success=True),
        ]
    )
    settle(clocked)  # type: ignore[operator]
    found = clocked.history(CAUSE, DEPLOY)
    assert (2, 1) == (found.retries, found.retry_successes)


def test_text_without_fingerprint_has_no_history(clocked: Store) -> None:
    """Texts too generic for a fingerprint are not the same cause."""
    clocked.record(failed("a", 1, fingerprint=None))
    assert History() == clocked.history(None, DEPLOY)


def test_label_of_an_unknown_outcome_is_refused(store: Store) -> None:
    """Also when the store does not exist, which stays so."""
    with pytest.raises(UsageError, match="no outcome 'nope'"):
        store.label("nope", "network")
    assert not store.exists()


@pytest.mark.parametrize("waiting", [True, False])
def test_label_is_added_to_a_known_outcome(store: Store, waiting: bool) -> None:
    """Wherever the outcome is just now."""
    store.record(Outcome("a", "boom"))
    if not waiting:
        store.merge()
    store.label("a", "network")
    assert ["network"] == [label.type for outcome in store.outcomes() for label in outcome.labels]


def test_unknown_label_source_is_refused(store: Store) -> None:
    """A source without a weight would never count."""
    store.record(Outcome("a", "boom"))
    with pytest.raises(StoreError, match="known are human, import, outcome, weak"):
        store.label("a", "network", "guess")  # type: ignore[arg-type]


def test_stats_count_what_is_stored(clocked: Store, settle: object) -> None:
    """Labels go before decisions, and each outcome counts once."""
    clocked.record_many(
        [
            failed("a", 3, decision=decision()),
            failed("b", 2, decision=decision(), labels=(Label("test", "weak"), Label("build", "human"))),
            failed("c", 1),
        ]
    )
    settle(clocked)  # type: ignore[operator]
    found = clocked.stats()
    assert (3, {"network": 1, "build": 1, "undecided": 1}, {"human": 1}) == (
        found.outcomes,
        dict(found.by_type),
        dict(found.labelled),
    )
    assert (NOW - timedelta(hours=3), NOW - timedelta(hours=1)) == (found.first, found.last)
    assert found.size_bytes > 0


def test_stats_count_waiting_events(store: Store) -> None:
    """A merge empties the inbox."""
    store.record(Outcome("a", "boom", labels=(Label("test", "human"),)))
    before = store.stats().waiting
    store.merge()
    assert (2, 0) == (before, store.stats().waiting)


def test_closed_store_opens_again(store: Store) -> None:
    """Closing releases the file, not the store."""
    store.record(Outcome("a", "boom"))
    store.close()
    store.record(Outcome("b", "boom"))
    assert 2 == store.stats().outcomes
