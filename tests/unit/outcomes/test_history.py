"""What a decision is told of the past, from waiting and from merged events alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from errclass.core.happenings import Attempt, CaseResult
from errclass.core.types import Context, Decision, History, Outcome, Plan
from errclass.outcomes import Store

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CAUSE, OTHER = "0123456789abcdef", "fedcba9876543210"
DEPLOY = Context(operation="deploy", operation_id="run-1", commit="c0ffee")
Settle = Callable[[Store], object]


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A store whose present is NOW."""
    with Store(place, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture(params=["waiting", "merged"])
def settle(request: pytest.FixtureRequest) -> Settle:
    """Leave what was recorded in the inbox, or merge it: answers must not depend on it."""
    return (lambda _: None) if request.param == "waiting" else Store.merge


def failure(name: str, hours: float = 1, **fields: object) -> Outcome:
    values = {"fingerprint": CAUSE, "context": DEPLOY, "time": NOW - timedelta(hours=hours)} | fields
    return Outcome(name, "boom", **values)  # type: ignore[arg-type]


def decided(name: str, kind: str = "network", fingerprint: str = CAUSE, **fields: object) -> Outcome:
    decision = Decision("transient", kind, "low", True, 0.9, "retry_with_backoff", plan=Plan())
    return failure(name, fingerprint=fingerprint, decision=decision, **fields)


def call(name: str, success: bool, after: str | None = None, **fields: object) -> Attempt:
    values = {"context": DEPLOY, "ended": NOW - timedelta(minutes=5)} | fields
    return Attempt(name, success, failure_id=after, **values)  # type: ignore[arg-type]


def ask(store: Store, **group: object) -> History:
    return store.history(CAUSE, Context(operation="deploy"), **group)  # type: ignore[arg-type]


def test_unchanged_reruns_are_counted(store: Store, settle: Settle) -> None:
    """Those of this cause, passed or not; a changed one tells nothing of an unchanged one."""
    store.record_many([failure("a"), failure("b"), failure("c", fingerprint=OTHER)])
    store.record_attempt(call("1", True, "a"))
    store.record_attempt(call("2", False, "b"))
    store.record_attempt(call("3", True, "b", unchanged=False))
    store.record_attempt(call("4", True, "c"))
    settle(store)
    found = ask(store)
    assert (2, 1) == (found.retries, found.retry_successes)
    assert found.retry is not None
    assert ("fingerprint", 2, 1) == (found.retry.level, found.retry.tries, found.retry.successes)


def test_rerun_is_linked_by_run_and_number(store: Store, settle: Settle) -> None:
    """A program that knows no failure's id says which run and which call it was."""
    store.record(failure("a", context=Context(operation="deploy", operation_id="run-9", attempt=1)))
    store.record_attempt(call("1", True, context=Context(operation="deploy", operation_id="run-9", attempt=2)))
    store.record_attempt(call("2", True, context=Context(operation="deploy", operation_id="run-8", attempt=2)))
    settle(store)
    assert (1, 1) == (ask(store).retries, ask(store).retry_successes)


def test_rerun_told_twice_counts_once(store: Store) -> None:
    """By the call itself and by a report, or by two reports."""
    store.record_many([failure("a"), failure("b", fingerprint=OTHER)])
    store.record_attempt(call("1", True, "a"))
    store.merge()
    for name in ("a", "b", "b"):
        store.resolve(name, success=True, how="retry")
        store.merge()
    assert (1, 1) == (ask(store).retries, store.history(OTHER, Context(operation="deploy")).retries)


def test_changed_commit_is_no_unchanged_rerun(store: Store, settle: Settle) -> None:
    """Waiting or merged, where run and number alone tell what came before."""
    run = Context(operation="deploy", operation_id="run-9", commit="c1")
    store.record(failure("a", context=run))
    after = Context(operation="deploy", operation_id="run-9", attempt=2, commit="c2")
    store.record_attempt(call("1", True, context=after))
    settle(store)
    assert 0 == ask(store).retries


def test_recoveries_count_apart_from_reruns(store: Store, settle: Settle) -> None:
    """What happened after a recipe says nothing of a bare re-run."""
    store.record_many([failure("a"), failure("b")])
    store.record_attempt(call("1", True, "a", unchanged=False, recovery="clear_cache"))
    store.record_attempt(call("2", False, "b", unchanged=False, recovery="clear_cache"))
    settle(store)
    found = ask(store)
    assert (0, None) == (found.retries, found.retry)
    assert [("clear_cache", 2, 1)] == [
        (one.recovery, one.chance.tries, one.chance.successes) for one in found.recoveries
    ]


def test_new_cause_is_told_by_its_type_then_its_category(store: Store) -> None:
    """Nearest first; nothing at all where neither was seen."""
    store.record_many(decided(f"{number}", fingerprint=OTHER) for number in range(4))
    for number in range(4):
        store.record_attempt(call(f"try-{number}", number > 0, str(number)))
    store.merge()
    levels = [
        chance and (chance.level, chance.tries, chance.successes)
        for chance in (
            ask(store, type="network", category="transient").retry,
            ask(store, type="temporary", category="transient").retry,
            ask(store, type="syntax", category="persistent").retry,
        )
    ]
    assert [("type", 4, 3), ("category", 4, 3), None] == levels


def test_sightings_are_counted_by_type_and_component(store: Store) -> None:
    """Of this cause or another."""
    api = Context(operation="deploy", component="api")
    store.record_many([decided("a"), decided("b", fingerprint=OTHER, context=api), decided("c", "syntax", OTHER)])
    store.merge()
    found = store.history(CAUSE, api, type="network")
    assert (1, 2, 1) == (found.seen, found.type_seen, found.component_seen)


def test_time_to_recovery_is_the_mean_of_the_recovered(store: Store) -> None:
    """Open cases and failed ends add nothing; the first report of success ends a case."""
    store.record_many([failure("a", 3), failure("b", 2), failure("c", 2)])
    store.resolve("a", success=True)
    store.resolve("b", success=False)
    store.merge()
    assert 3 * 3600 == ask(store).recovery_seconds
    store.resolve("a", success=True)
    store.merge()
    assert 3 * 3600 == ask(store).recovery_seconds


@pytest.mark.parametrize("order", ["abc", "bca"])
@pytest.mark.parametrize("when", ["each", "all"])
def test_time_to_recovery_does_not_depend_on_the_order_of_reports(store: Store, order: str, when: str) -> None:
    """The sum of 0.1, 0.2 and 0.3 would, in floating point; merged one by one or together."""
    seconds = {"a": 0.1, "b": 0.2, "c": 0.3}
    for name in order:
        store.record(failure(name, seconds[name] / 3600))
        store.resolve(name, success=True)
        if when == "each":
            store.merge()
    store.merge()
    assert 0.6 / 3 == ask(store).recovery_seconds


def test_successful_call_ends_the_count_of_failed_attempts(store: Store, settle: Settle) -> None:
    """Also a call that followed no recorded failure; one of another operation, or imported, does not."""
    store.record_many([failure("a", 3), failure("b", 2)])
    store.record_attempt(call("1", True, context=Context(operation="test")))
    store.record_attempt(call("2", True, context=Context(operation="deploy", source="import")))
    settle(store)
    assert 2 == ask(store).failed_attempts
    store.record_attempt(call("3", True, context=Context(operation="deploy")))
    settle(store)
    assert 0 == ask(store).failed_attempts


@pytest.mark.parametrize(("jobs", "incident"), [(4, False), (5, True)])
def test_one_cause_in_many_jobs_is_an_incident(store: Store, settle: Settle, jobs: int, incident: bool) -> None:
    """Attempts of one job count once."""
    for number in range(jobs):
        for attempt in (1, 2):
            context = Context(job=f"job {number}", branch="main", attempt=attempt)
            store.record(failure(f"{number}-{attempt}", 0.2, context=context))
    settle(store)
    assert (jobs, incident) == (ask(store).jobs, ask(store).incident)


@pytest.mark.parametrize(
    ("reason", "fields"),
    [
        ("an hour ago", {"hours": 1}),
        ("imported", {"hours": 0.1, "context": Context(job="x", source="import")}),
        ("another cause", {"hours": 0.1, "fingerprint": OTHER}),
        ("no job and no operation", {"hours": 0.1, "context": Context()}),
    ],
)
def test_no_incident(store: Store, settle: Settle, reason: str, fields: dict[str, object]) -> None:
    """What is long ago, copied, different or all of one place does not add up."""
    store.record_many(failure(str(number), **fields) for number in range(9))  # type: ignore[arg-type]
    settle(store)
    assert not ask(store).incident, reason


def case(name: str, passed: bool, commit: str | None = "c0ffee", test: str = "tests/a.py::b") -> CaseResult:
    return CaseResult(name, test, passed, commit, time=NOW)


@pytest.mark.parametrize(
    ("reason", "results", "flaky"),
    [
        ("passed and failed on one commit", [case("1", True), case("2", False)], True),
        ("failed on one, passed on another", [case("1", True, "c1"), case("2", False, "c2")], False),
        ("failed each time", [case("1", False), case("2", False)], False),
        ("commit unknown", [case("1", True, None), case("2", False, None)], False),
        ("another test", [case("1", True, test="other"), case("2", False, test="other")], False),
    ],
)
def test_flaky_test(store: Store, reason: str, results: list[CaseResult], flaky: bool) -> None:
    """Flaky is what passed and failed on the same commit."""
    store.record_cases(results)
    store.merge()
    assert flaky == (ask(store, failing_tests=("tests/a.py::b", "new")).flaky_tests == ("tests/a.py::b",)), reason


def test_rerun_that_passes_shows_a_flaky_test(store: Store) -> None:
    """The failing tests of the failure, passing in the next call on the same commit."""
    store.record(failure("a", failing_tests=("t1", "t2")))
    store.record_attempt(call("1", True, "a", passed_tests=("t1",)))
    store.merge()
    assert ("t1",) == ask(store, failing_tests=("t1", "t2")).flaky_tests


def test_history_of_an_older_store_is_made_by_the_first_merge(store: Store, folder: Path) -> None:
    """Until then it is not available, rather than empty: an inbox without copies knows of no count."""
    store.record(failure("a"))
    store.merge()
    store.close()
    for path in folder.glob("inbox.sqlite*"):
        path.unlink()
    assert not ask(store).available
    store.merge()
    assert (True, 1) == (ask(store).available, ask(store).seen)


def test_counts_follow_a_history_that_was_put_back(store: Store, folder: Path) -> None:
    """A backup of the file replaces what the inbox had copied."""
    store.record(failure("a"))
    store.merge()
    backup = (folder / "outcomes.duckdb").read_bytes()
    store.record(failure("b"))
    store.merge()
    assert 2 == ask(store).seen
    (folder / "outcomes.duckdb").write_bytes(backup)
    store.record(failure("c"))
    store.merge()
    assert 2 == ask(store).seen
