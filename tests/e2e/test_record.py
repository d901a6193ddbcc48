"""``errclass outcomes record``: what other programs report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import Finished, call_errclass

from errclass.core.types import Context
from errclass.outcomes import Store

TIMEOUT = "npm error code ETIMEDOUT connect to the registry"


def record(*events: object, options: tuple[str, ...] = ("--ack",)) -> Finished:
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
    return call_errclass("outcomes", "record", *options, stdin="\n".join(lines).encode())


def export() -> list[dict[str, object]]:
    return call_errclass("outcomes", "export").lines


@pytest.fixture
def store(home: Path) -> Store:
    """The store of the home."""
    return Store(home / "store")


def test_every_event_is_acknowledged_in_order(store: Store) -> None:
    """And in the history at the end of the command."""
    done = record(*({"id": f"e{number}", "text": TIMEOUT} for number in range(700)))
    assert (0, [f"e{number}" for number in range(700)], "") == (done.code, done.out.split(), done.err)
    assert (700, 0) == (store.stats().outcomes, store.stats().waiting)


def test_event_without_an_id_gets_one(store: Store) -> None:
    """It is printed, so that labels and results can refer to it."""
    (name,) = record({"text": TIMEOUT}).out.split()
    assert [name] == [outcome.id for outcome in store.outcomes()]


def test_same_id_twice_is_one_event() -> None:
    """Whether the first is still waiting or was merged long ago."""
    for _ in range(2):
        assert ["a", "a"] == record({"id": "a", "text": TIMEOUT}, {"id": "a", "text": "another"}).out.split()
    assert [("failures", "a", TIMEOUT)] == [(row["table"], row["id"], row["text"]) for row in export()]


def test_all_keys_are_kept(store: Store) -> None:
    """Context, exit code and time; unknown names in the context become metadata."""
    record(
        {
            "text": TIMEOUT, "success": False, "exit_code": 7, "operation": "deploy", "time": "2026-11-01T10:00:00Z",
            "context": {"environment": "production", "attempt": 2, "cancelled": True, "runner": "x"},
        }
    )  # fmt: skip
    (outcome,) = store.outcomes()
    assert Context("production", "deploy", attempt=2, cancelled=True, metadata={"runner": "x"}) == outcome.context
    assert (7, None, "2026-11-01T10:00:00+00:00") == (outcome.exit_code, outcome.success, outcome.time.isoformat())
    assert (16, "npm") == (len(outcome.fingerprint or ""), outcome.tool)


def test_unchanged_rerun_is_learned_from(store: Store) -> None:
    """A failed call and the next one of the same run tell what a re-run is worth."""
    run = {"operation_id": "run-1", "commit": "c0ffee"}
    failure = {"id": "a", "text": TIMEOUT, "operation": "deploy", "context": {**run, "attempt": 1}}
    record(failure, {"success": True, "operation": "deploy", "context": {**run, "attempt": 2}})
    record({**failure, "id": "b", "context": {**run, "operation_id": "run-2"}})
    record({**failure, "id": "c", "context": {**run, "operation_id": "run-2", "attempt": 2}})
    (cause,) = {outcome.fingerprint for outcome in store.outcomes()}
    found = store.history(cause, Context(operation="deploy"))
    assert (3, 2, 1) == (found.seen, found.retries, found.retry_successes)
    assert (3, 2) == (store.stats().outcomes, store.stats().calls)


def test_flaky_test_is_seen(store: Store) -> None:
    """It failed in one call and, on the same commit, passed in the next."""
    log = "FAILED tests/test_cart.py::test_total - assert 3 == 4\n1 failed, 9 passed in 0.12s"
    run = {"operation_id": "run-1", "commit": "c0ffee"}
    record({"text": log, "operation": "test", "context": {**run, "attempt": 1}})
    record({"success": True, "operation": "test", "context": {**run, "attempt": 2}})
    test = "tests/test_cart.py::test_total"
    assert (test,) == store.history(None, Context(), failing_tests=(test, "other")).flaky_tests


@pytest.mark.usefixtures("use_small_model")
def test_deciding_shows_what_would_have_been_done(store: Store) -> None:
    """With the rules that fired; nothing is carried out, and no re-run is claimed."""
    record({"id": "a", "text": TIMEOUT, "success": True}, options=("--ack", "--decide"))
    (outcome,) = store.outcomes()
    assert outcome.decision is not None
    assert outcome.decision.rules_fired == tuple(firing.rule for firing in outcome.trace)
    assert (True, 0) == (outcome.success, store.history(outcome.fingerprint, Context()).retries)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("rubbish", "no valid JSON"),
        ('["a"]', "expected an object"),
        ('{"id": "x"}', "'text' is missing"),
        ('{"text": 5}', "'text' is missing or no string"),
        ('{"text": "x", "success": "yes"}', "'success' must be true or false"),
        ('{"text": "x", "exit_code": "1"}', "'exit_code' must be a whole number"),
        ('{"text": "x", "exit_code": 99999999999999999999}', "does not fit 64 bits"),
        ('{"text": "x", "time": "yesterday"}', "'time' is neither"),
        ('{"text": "x", "id": ["a"]}', "'id' must be a string"),
        ('{"text": "x", "id": ""}', "1 to 64 characters"),
        (f'{{"text": "x", "id": "{"a" * 65}"}}', "1 to 64 characters"),
        ('{"text": "x", "context": "deploy"}', "'context' must be an object"),
        ('{"text": "x", "context": {"attempt": 0}}', "attempt=0"),
        ('{"text": "x", "context": {"enviroment": "x"}}', "did you mean environment"),
    ],
)
def test_bad_line_is_named_and_the_others_go_on(line: str, problem: str) -> None:
    """Exit code 1; only what is durable is acknowledged."""
    done = record({"id": "before", "text": TIMEOUT}, line, {"id": "after", "text": TIMEOUT})
    assert (1, ["before", "after"]) == (done.code, done.out.split())
    assert done.err.startswith("errclass: line 2: ")
    assert problem in done.err


def test_what_belongs_into_the_context_may_stand_beside_it(store: Store) -> None:
    """Lost, it would cost what a re-run is worth."""
    record({"text": TIMEOUT, "operation": "deploy", "attempt": 2, "commit": "c0ffee", "context": {"job": "x"}})
    (outcome,) = store.outcomes()
    assert Context(operation="deploy", attempt=2, commit="c0ffee", job="x") == outcome.context


def test_a_file_of_another_kind_is_told_in_few_lines() -> None:
    """The first faults, how many more, and what to do."""
    done = record(*["# errclass"] * 50)
    lines = done.err.splitlines()
    assert (1, "", 7) == (done.code, done.out, len(lines))
    assert ("errclass: and 45 more lines", True) == (lines[5], "errclass outcomes import FILE" in lines[6])


def test_without_ack_the_number_is_told() -> None:
    """One line for a person."""
    done = record({"text": TIMEOUT}, {"text": TIMEOUT}, "rubbish", options=())
    assert (1, "2 recorded, 1 refused\n") == (done.code, done.out)


def test_nothing_is_nothing(home: Path) -> None:
    """Empty input is no error."""
    assert (0, "0 recorded\n") == (record(options=()).code, record(options=()).out)


def test_secrets_are_masked_on_their_way() -> None:
    """In the text and in the context."""
    token = "ghp_" + "Mn4oPq6rSt" * 4
    record({"text": f"denied {token}", "context": {"operation": f"push {token}", "note": token}})
    assert token not in call_errclass("outcomes", "export").out


def test_events_become_durable_as_they_come(home: Path, store: Store) -> None:
    """A slow producer's first event is acknowledged before its second."""
    command = [sys.executable, "-m", "errclass", "outcomes", "record", "--ack"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("first", "second"):
            process.stdin.write(json.dumps({"id": name, "text": TIMEOUT}) + "\n")
            process.stdin.flush()
            assert f"{name}\n" == process.stdout.readline()
            assert name in {outcome.id for outcome in store.outcomes()}
        process.stdin.close()
    assert 0 == process.returncode


def test_full_store_is_an_error_not_an_acknowledgement(home: Path) -> None:
    """What cannot be written is not printed."""
    home.mkdir()
    (home / "store").write_text("a file where the folder should be")
    done = record({"id": "a", "text": TIMEOUT})
    assert (1, "") == (done.code, done.out)
    assert "ERRCLASS_STORE" in done.err


def test_text_that_no_database_takes_does_not_end_the_command(store: Store) -> None:
    """Wherever it stands: the names are kept as well as they can be, and the others go on."""
    done = record(
        '{"id": "a", "success": true, "operation": "\\ud800"}',
        '{"id": "b", "text": "boom", "context": {"operation_id": "x\\u0000", "attempt": 2}}',
        '{"id": "c", "success": true, "context": {"operation_id": "\\ud800", "attempt": 2}}',
        '{"id": "d", "text": "boom"}',
    )
    assert (0, ["a", "b", "c", "d"], "") == (done.code, done.out.split(), done.err)
    assert {"b", "d"} == {outcome.id for outcome in store.outcomes()}


def test_no_id_of_a_caller_is_that_of_a_part() -> None:
    """What is derived from one event never stands in the way of another."""
    record({"id": "s7", "text": TIMEOUT, "context": {"operation_id": "r", "attempt": 2}})
    record({"id": "s7:attempt", "success": True, "operation": "deploy"})
    attempts = [(row["success"]) for row in export() if row["table"] == "attempts"]
    assert [False, True] == attempts


def test_calls_of_another_operation_show_no_flaky_test(store: Store) -> None:
    """Even when they share the run and the commit."""
    log = "FAILED tests/test_cart.py::test_total - assert 3 == 4\n1 failed, 9 passed in 0.12s"
    run = {"operation_id": "run-1", "commit": "c0ffee"}
    record({"text": log, "operation": "unit", "context": {**run, "attempt": 1}})
    record({"success": True, "operation": "lint", "context": {**run, "attempt": 2}})
    assert () == store.history(None, Context(), failing_tests=("tests/test_cart.py::test_total",)).flaky_tests


def test_a_clock_that_is_ahead_ends_no_count(store: Store) -> None:
    """A success of the year 2036 is one of now."""
    record({"success": True, "operation": "deploy", "time": "2036-01-01T00:00:00Z"})
    record({"text": TIMEOUT, "operation": "deploy"}, {"text": TIMEOUT, "operation": "deploy"})
    (cause,) = {outcome.fingerprint for outcome in store.outcomes()}
    assert 2 == store.history(cause, Context(operation="deploy")).failed_attempts
