"""What a program tells of its operations is recorded as it was, and never gets in its way."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import errclass
from errclass.outcomes import read_mart
from errclass.system.deciding import forget_parts

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECRET = "ghp_" + "a1B2" * 9


class Clock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(home: Path) -> Iterator[errclass.Store]:
    with errclass.Store(home / "store") as opened:
        yield opened


@pytest.fixture
def tracking(store: errclass.Store, clock: Clock) -> errclass.FailureTracking:
    return errclass.FailureTracking(store, clock=clock)


def read(store: errclass.Store, mart: str, *columns: str, order: str = "ended_at") -> list[tuple[Any, ...]]:
    rows = sorted(read_mart(store, mart), key=lambda row: (row[order], row.get("number") or 0))
    return [tuple(row[name] for name in columns) for row in rows]


def count_lost(tracking: errclass.FailureTracking) -> int:
    return tracking.get_statistics().lost


def test_a_success_is_an_attempt(tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock) -> None:
    """With its beginning and end, and where it was; no failure."""
    name = tracking.start_operation("deploy", environment="production", component="api", team="red")
    clock.pass_by(90)
    tracking.record_success(name)
    assert [("deploy", "production", "api", name, 1, 90.0, True, False, None)] == read(
        store, "runs", "operation", "environment", "component", "operation_id", "number", "seconds", "success", "retry",
        "failure_id",
    )  # fmt: skip
    assert [] == list(store.outcomes())


def test_a_failure_is_decided_and_recorded(
    tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock
) -> None:
    """As ``errclass.decide`` does it: masked, with its type, decision and exit code; the operation is given up."""
    name = tracking.start_operation("deploy", environment="production", team="red")
    clock.pass_by(5)
    tracking.record_failure(name, ConnectionResetError(f"reset by peer, token={SECRET}"))
    (outcome,) = store.outcomes()
    decided = errclass.decide(ConnectionResetError("reset by peer"), operation="deploy", environment="production")
    assert outcome.decision is not None
    assert ("network", decided.type, False, NOW + timedelta(seconds=5)) == (
        outcome.decision.type, outcome.decision.type, outcome.success, outcome.time,
    )  # fmt: skip
    assert ("reset by peer" in outcome.text, SECRET in outcome.text) == (True, False)
    assert ("deploy", "production", name, {"team": "red"}) == (
        outcome.context.operation, outcome.context.environment, outcome.context.operation_id,
        dict(outcome.context.metadata),
    )  # fmt: skip
    assert [("attempt", False, 5.0, outcome.id)] == read(store, "runs", "known_by", "success", "seconds", "failure_id")


def test_calls_of_one_operation_are_told_apart(
    tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock
) -> None:
    """Two failures, and a success that resolves both; each with its own duration and number."""
    name = tracking.start_operation("deploy")
    for seconds in (10, 20):
        clock.pass_by(seconds)
        tracking.record_failure(name, "connection refused", final=False)
        clock.pass_by(60)
        tracking.record_retry(name)
    clock.pass_by(30)
    tracking.record_success(name)
    assert [(1, False, False, 10.0), (2, False, True, 20.0), (3, True, True, 30.0)] == read(
        store, "runs", "number", "success", "retry", "seconds"
    )
    assert [(True, 170.0), (True, 90.0)] == read(
        store, "failure_facts", "resolved", "seconds_to_resolution", order="occurred_at"
    )
    assert [(True, 170.0, 2)] == read(store, "incidents", "recovered", "seconds", "failures", order="opened_at")
    assert [("named", False), ("named", True)] == read(store, "retries", "known_by", "success")


def test_a_retry_after_a_change_says_nothing_of_re_runs(
    tracking: errclass.FailureTracking, store: errclass.Store
) -> None:
    """It is a re-run all the same."""
    name = tracking.start_operation("deploy")
    tracking.record_failure(name, "boom", final=False)
    tracking.record_retry(name, unchanged=False)
    tracking.record_success(name)
    assert [] == read_mart(store, "retries")
    assert [False, True] == [retry for (retry,) in read(store, "runs", "retry")]


def test_a_retry_alone_says_that_the_call_before_failed(
    tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock
) -> None:
    """Of nobody knows what: it counts, and no failure is made up."""
    name = tracking.start_operation("deploy")
    clock.pass_by(3)
    tracking.record_retry(name)
    clock.pass_by(4)
    tracking.record_success(name)
    assert [(1, False, 3.0), (2, True, 4.0)] == read(store, "runs", "number", "success", "seconds")
    assert [] == list(store.outcomes())
    assert (1, 1) == (tracking.get_statistics().failures, tracking.get_statistics().retries)


def test_a_success_after_a_failure_is_another_call(
    tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock
) -> None:
    """Also where nobody told of the retry; how long it took is not known."""
    name = tracking.start_operation("deploy")
    tracking.record_failure(name, "boom", final=False)
    clock.pass_by(60)
    tracking.record_success(name)
    assert [(1, False, 0.0), (2, True, None)] == read(store, "runs", "number", "success", "seconds")


def test_a_run_of_which_calls_were_made_before_goes_on(
    tracking: errclass.FailureTracking, store: errclass.Store
) -> None:
    """With the number of the call, and its own id."""
    name = tracking.start_operation("deploy", operation_id="run-7", attempt=3)
    tracking.record_success(name)
    assert [("run-7", 3, True)] == read(store, "runs", "operation_id", "number", "retry")


def test_a_block_succeeds_or_fails_by_what_it_raises(
    tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock
) -> None:
    """And lets it through."""
    with tracking.operation("build", environment="ci") as op:
        clock.pass_by(7)
    assert op.id
    with pytest.raises(ZeroDivisionError), tracking.operation("build"):
        clock.pass_by(1 / 0)
    assert [(False, 0.0), (True, 7.0)] == sorted(read(store, "runs", "success", "seconds"))
    assert [False] == [outcome.success for outcome in store.outcomes()]


def test_calls_within_a_block(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """Without a call after the last failure the operation has failed with the block."""
    with tracking.operation("build") as op:
        op.record_failure("boom")
        op.record_retry()
    with tracking.operation("test") as op:
        op.record_failure("bang")
    assert [("build", 1, False), ("build", 2, True), ("test", 1, False)] == sorted(
        read(store, "runs", "operation", "number", "success")
    )
    assert [("build", True), ("test", False)] == sorted(
        read(store, "failure_facts", "operation", "resolved", order="day")
    )
    found = tracking.get_statistics()
    assert (2, 1, 1, 0) == (found.started, found.succeeded, found.failed, found.open)


def test_a_block_that_was_ended_by_hand_is_left_alone(
    tracking: errclass.FailureTracking, store: errclass.Store
) -> None:
    """Whatever it raises then."""

    def end_and_fail() -> None:
        with tracking.operation("build") as op:
            tracking.record_success(op.id)
            raise KeyError

    with pytest.raises(KeyError):
        end_and_fail()
    assert [True] == [success for (success,) in read(store, "runs", "success")]


@pytest.mark.parametrize("error", [KeyboardInterrupt, asyncio.CancelledError, GeneratorExit])
def test_what_was_stopped_is_cancelled(
    tracking: errclass.FailureTracking, store: errclass.Store, error: type[BaseException]
) -> None:
    """It tells nothing of whether the operation works, and counts as no call."""
    with pytest.raises(error), tracking.operation("build"):
        raise error
    assert [True] == [outcome.context.cancelled for outcome in store.outcomes()]
    assert (0, 0) == (tracking.get_current_metrics("1h").calls, tracking.get_current_metrics("1h").incidents)
    assert (1, 0, 0) == (
        tracking.get_statistics().cancelled, tracking.get_statistics().failed, tracking.get_statistics().open,
    )  # fmt: skip


@pytest.mark.parametrize(("code", "success"), [(0, True), (None, True), (3, False), ("no disk", False)])
def test_a_program_that_ends_within_a_block(
    tracking: errclass.FailureTracking, store: errclass.Store, code: Any, success: bool
) -> None:
    """By ``sys.exit``: whether it failed is as its exit code says."""
    with pytest.raises(SystemExit), tracking.operation("build"):
        raise SystemExit(code)
    assert [success] == [found for (found,) in read(store, "runs", "success")]


def test_blocks_in_coroutines(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """With ``with`` and ``async with``, many at once."""

    async def work(number: int) -> None:
        async with tracking.operation("fetch", operation_id=f"a{number}"):
            await asyncio.sleep(0)
            if number % 2:
                raise OSError("no route to host")

    async def work_plainly(number: int) -> None:
        with tracking.operation("fetch", operation_id=f"b{number}"):
            await asyncio.sleep(0)

    async def run() -> list[Any]:
        calls = [work(number) for number in range(6)] + [work_plainly(number) for number in range(6)]
        return await asyncio.gather(*calls, return_exceptions=True)

    found = asyncio.run(run())
    assert 3 == sum(isinstance(one, OSError) for one in found)
    assert (9, 3) == (tracking.get_statistics().succeeded, tracking.get_statistics().failed)
    assert 9 == sum(success for (success,) in read(store, "runs", "success"))


@pytest.mark.parametrize("times", [1, 2])
def test_a_task_that_is_cancelled_before_its_block_leaves_nothing_open(
    tracking: errclass.FailureTracking, store: errclass.Store, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """It is recorded as cancelled, and may be started again; also where somebody is impatient."""
    start, begun, let_go = tracking.start_operation, threading.Event(), threading.Event()

    def start_slowly(*names: Any, **context: Any) -> str:
        begun.set()
        assert let_go.wait(10)
        return start(*names, **context)

    async def work() -> None:
        async with tracking.operation("fetch", operation_id="run-1"):
            raise AssertionError("there is no block")

    async def run() -> None:
        task = asyncio.create_task(work())
        assert await asyncio.to_thread(begun.wait, 10)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0.01)
        let_go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(1000):
            if tracking.get_statistics().cancelled:
                break
            await asyncio.sleep(0.01)

    with monkeypatch.context() as patched:
        patched.setattr(tracking, "start_operation", start_slowly)
        asyncio.run(asyncio.wait_for(run(), 20))
    assert (1, 0) == (tracking.get_statistics().cancelled, tracking.get_statistics().open)
    assert [True] == [outcome.context.cancelled for outcome in store.outcomes()]
    tracking.record_success(tracking.start_operation("fetch", operation_id="run-1"))


def test_a_task_that_is_cancelled_before_a_block_that_is_refused(tracking: errclass.FailureTracking) -> None:
    """Ends nothing of others."""
    tracking.start_operation("fetch", operation_id="run-1")

    async def work() -> None:
        async with tracking.operation("fetch", operation_id="run-1"):
            raise AssertionError("there is no block")

    async def run() -> None:
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    tracking.record_success("run-1")


def test_threads_share_one(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """No report is lost or counted twice."""

    def work(number: int) -> None:
        name = tracking.start_operation("build", operation_id=f"run {number}")
        if number % 5 == 0:
            tracking.record_failure(name, "connection refused", final=False)
            tracking.record_retry(name)
        tracking.record_success(name)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(100)))
    found = tracking.get_statistics()
    assert (100, 100, 20, 20, 0, 0) == (
        found.started, found.succeeded, found.failures, found.retries, found.open, found.lost,
    )  # fmt: skip
    assert 120 == len(read_mart(store, "runs"))


def test_an_operation_ends_once_whoever_is_first(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """Of two threads one is told that it has ended."""
    name, gate = tracking.start_operation("build"), threading.Barrier(2)

    def end(_: int) -> bool:
        gate.wait(10)
        try:
            tracking.record_success(name)
        except errclass.UsageError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert [False, True] == sorted(pool.map(end, range(2)))
    assert 1 == len(read_mart(store, "runs"))


def test_what_does_not_go_on_is_a_misuse(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """Unknown, ended, or forgotten; and nothing is recorded."""
    name = tracking.start_operation("build")
    tracking.record_success(name)
    for told in (
        lambda: tracking.record_success(name),
        lambda: tracking.record_failure(name, "boom"),
        lambda: tracking.record_failure("never", "boom", final=False),
        lambda: tracking.record_retry(name),
        lambda: tracking.end_operation(name),
        lambda: tracking.record_failure(name, KeyboardInterrupt()),
    ):
        with pytest.raises(errclass.UsageError, match="goes on: it was not started here, or has ended"):
            told()
    assert 1 == len(read_mart(store, "runs"))


@pytest.mark.parametrize("name", ["", "  ", None, 7])
def test_an_operation_has_a_name(tracking: errclass.FailureTracking, name: Any) -> None:
    """That is text."""
    with pytest.raises(errclass.UsageError, match="operation: give a text"):
        tracking.start_operation(name)
    if name is not None:
        with pytest.raises(errclass.UsageError, match="give"):
            tracking.start_operation("build", operation_id=name or " ")


@pytest.mark.parametrize("attempt", [0, -1, "many", [1]])
def test_an_attempt_is_a_number_from_1(tracking: errclass.FailureTracking, attempt: Any) -> None:
    """As calls are counted."""
    with pytest.raises(errclass.UsageError, match="attempt: give a number from 1"):
        tracking.start_operation("build", attempt=attempt)


@pytest.mark.parametrize("error", [None, 7, ["boom"], ValueError])
def test_what_is_no_error_is_a_misuse(tracking: errclass.FailureTracking, error: Any) -> None:
    """And the operation goes on."""
    name = tracking.start_operation("build")
    with pytest.raises(errclass.UsageError, match="error: give an exception, a text"):
        tracking.record_failure(name, error)
    tracking.record_success(name)
    with pytest.raises(errclass.UsageError, match="not list"):
        tracking.record_success([name])  # type: ignore[arg-type]


def test_a_name_is_used_by_one_at_a_time(tracking: errclass.FailureTracking) -> None:
    """After its end it may be used again."""
    for _ in range(2):
        name = tracking.start_operation("build", operation_id="run 1")
        with pytest.raises(errclass.UsageError, match="goes on already"):
            tracking.start_operation("build", operation_id="run 1")
        tracking.record_success(name)


def test_errors_are_told_in_any_form(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """Text, bytes, an exception, a failure; also one that cannot be shown."""

    class HostileError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("not even this")

    for error in ("boom", b"boom\xff", ValueError("boom"), errclass.Failure("boom", exit_code=3), HostileError(), ""):
        tracking.record_failure(tracking.start_operation("build"), error)
    assert (6, 0) == (len(list(store.outcomes())), count_lost(tracking))


def test_a_store_that_cannot_be_written_never_raises(tmp_path: Path, home: Path, caplog: Any) -> None:
    """It is logged once, and each report is counted as lost."""
    (tmp_path / "file").write_text("not a folder")
    tracking = errclass.FailureTracking(errclass.Store(tmp_path / "file" / "store"))
    with caplog.at_level(logging.WARNING, logger="errclass"):
        with tracking.operation("build"):
            pass
        with pytest.raises(ValueError, match="mine"), tracking.operation("build"):
            raise ValueError("mine")
        with tracking.operation("build") as op:
            op.record_failure("boom")
            op.record_retry()
    found = tracking.get_statistics()
    assert (3, 2, 1, 4) == (found.started, found.succeeded, found.failed, found.lost)
    assert found.last_fault is not None
    assert found.last_fault.startswith("StoreError: ")
    assert 1 == sum("what was told of operations" in record.getMessage() for record in caplog.records)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may write anywhere is not kept from it")
def test_a_folder_that_may_not_be_written_never_raises(tmp_path: Path, home: Path) -> None:
    """Nor does one that is full."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    tracking = errclass.FailureTracking(errclass.Store(folder / "store"))
    tracking.record_success(tracking.start_operation("build"))
    assert 1 == count_lost(tracking)


def test_a_locked_store_never_raises(
    tracking: errclass.FailureTracking, store: errclass.Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for a second at most; afterwards all is recorded again."""
    monkeypatch.setattr("errclass.outcomes.patience.LEAST_SECONDS", 0.01)
    monkeypatch.setattr("errclass.system.failure_tracking.PATIENCE", 0.01)
    tracking.record_success(tracking.start_operation("build"))
    with closing(sqlite3.connect(home / "store" / "inbox.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        tracking.record_success(tracking.start_operation("build"))
        name = tracking.start_operation("build")
        tracking.record_failure(name, "boom", final=False)
        assert 2 == count_lost(tracking)
    tracking.record_retry(name)
    tracking.record_success(name)
    assert (2, 2) == (count_lost(tracking), len(read_mart(store, "runs")))
    assert [1, 2] == sorted(number for (number,) in read(store, "runs", "number"))


def test_a_classifier_that_fails_loses_no_failure(
    tracking: errclass.FailureTracking, store: errclass.Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is recorded without a decision."""
    monkeypatch.setenv("ERRCLASS_MODEL", str(home / "nowhere"))
    tracking.record_failure(tracking.start_operation("build"), f"boom token={SECRET}")
    (outcome,) = store.outcomes()
    assert (None, 0, False) == (outcome.decision, count_lost(tracking), SECRET in outcome.text)


def test_settings_that_cannot_be_read_never_raise(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While something is recorded; whoever asks for figures is told."""
    monkeypatch.setenv("ERRCLASS_DECISION__MAX_ATTEMPTS", "many")
    tracking = errclass.FailureTracking()
    tracking.record_failure(tracking.start_operation("build"), "boom")
    found = tracking.get_statistics()
    assert (1, None, 1) == (found.lost, found.enabled, found.failed)
    with pytest.raises(errclass.ConfigError):
        tracking.get_current_metrics()
    tracking.stop()


def test_switched_off_nothing_is_recorded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing fails, nothing is lost, and there is no store; a misuse is one all the same."""
    monkeypatch.setenv("ERRCLASS_ENABLE__TRACKING", "false")
    with errclass.FailureTracking() as tracking:
        with tracking.operation("build") as op:
            op.record_failure("boom")
            op.record_retry()
        with pytest.raises(ValueError, match="mine"), tracking.operation("build"):
            raise ValueError("mine")
        found = tracking.get_statistics()
        with pytest.raises(errclass.UsageError, match="has ended"):
            tracking.record_success(op.id)
    assert (False, 2, 1, 1, 0) == (found.enabled, found.started, found.succeeded, found.failed, found.lost)
    assert not (home / "store").exists()


def test_without_a_store_that_of_the_settings(home: Path) -> None:
    """With what the settings say of every operation; it is closed in the end, and opens again."""
    with errclass.FailureTracking() as tracking:
        with tracking.operation("build"):
            pass
        assert 1 == tracking.get_current_metrics("1h").calls
    assert (home / "store" / "inbox.sqlite").exists()
    assert 1 == tracking.get_current_metrics("1h").calls
    tracking.stop()


def test_the_settings_say_where_operations_run(
    home: Path, store: errclass.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the call does."""
    monkeypatch.setenv("ERRCLASS_ENVIRONMENT", "staging")
    monkeypatch.setenv("ERRCLASS_COMPONENT", "api")
    tracking = errclass.FailureTracking(store)
    tracking.record_success(tracking.start_operation("build", component="web"))
    assert [("staging", "web")] == read(store, "runs", "environment", "component")


def test_a_ci_system_says_what_it_knows(home: Path, store: errclass.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repository, branch, commit and job."""
    for name, value in {"ACTIONS": "true", "REPOSITORY": "shop/api", "REF_NAME": "main", "JOB": "ship"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    tracking = errclass.FailureTracking(store)
    tracking.record_success(tracking.start_operation("build"))
    assert [("shop/api", "main", "ship")] == read(store, "runs", "repository", "branch", "job")


def test_secrets_in_names_are_masked(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """Calls and failures of one run still belong together."""
    name = tracking.start_operation("build", operation_id=f"run?token={SECRET}", url=f"https://me:{SECRET}@host/")
    tracking.record_failure(name, "boom", final=False)
    tracking.record_success(name)
    with store.reading() as session:
        rows = [session.execute(f"FROM {table}").fetchall() for table in ("failures", "attempts", "decisions")]
    assert SECRET not in str(rows)
    assert [(True, 2)] == read(store, "failure_facts", "resolved", "attempts", order="day")


def test_a_clock_that_is_set_back_makes_no_negative_duration(
    tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock
) -> None:
    """It took no time that is known."""
    name = tracking.start_operation("build")
    clock.pass_by(-3600)
    tracking.record_success(name)
    assert [0.0] == [seconds for (seconds,) in read(store, "runs", "seconds")]


def test_alerts_are_those_that_the_last_look_found(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """What was tracked makes them fire; tracking alone tells nobody."""
    tracking.record_success(tracking.start_operation("deploy"))
    for _ in range(40):
        tracking.record_failure(tracking.start_operation("deploy"), "npm error code ETIMEDOUT")
    assert () == tracking.get_active_alerts()
    for minutes in (1, 31):  # what lasts, fires
        manager = errclass.AlertManager(store=store, clock=lambda late=minutes: NOW + timedelta(minutes=late))
        manager.check()
    found = tracking.get_active_alerts()
    assert manager.active() == found
    assert {"high_failure_rate", "low_success_rate"} <= {alert.rule for alert in found}


def test_counts_start_anew(tracking: errclass.FailureTracking, store: errclass.Store) -> None:
    """What goes on is forgotten, and what is stored stays."""
    tracking.record_success(tracking.start_operation("build"))
    name = tracking.start_operation("build")
    assert 1 == tracking.get_statistics().open
    tracking.reset()
    found = tracking.get_statistics().to_dict()
    assert {0} == {found[key] for key in ("started", "succeeded", "failed", "open", "retries", "lost")}
    with pytest.raises(errclass.UsageError, match="has ended"):
        tracking.record_success(name)
    assert 1 == len(read_mart(store, "runs"))


def test_metrics_tell_of_what_was_tracked(tracking: errclass.FailureTracking, clock: Clock) -> None:
    """An outage of ten minutes within two hours."""
    for failed in (False, True, False):
        name = tracking.start_operation("deploy", environment="production", component="api")
        clock.pass_by(60)
        if failed:
            tracking.record_failure(name, "connection refused")
            clock.pass_by(540)
        else:
            tracking.record_success(name)
            clock.pass_by(6540)
    found = tracking.get_current_metrics("1d")
    assert found.success_rate is not None
    assert (3, 2, 60.0, 1) == (found.calls, found.success_rate.count, found.mean_duration_seconds, found.incidents)
    assert (600.0, 600.0, 7200.0) == (found.mttr.mean_seconds, found.down_seconds, found.observed_seconds)
    assert (pytest.approx(1 - 600 / 7200, abs=1e-6), 6600.0) == (found.availability, found.mtbf_seconds)
    assert {"production"} == set(found.by_environment)
    rates = [point.value for point in tracking.get_time_series("success_rate", "1d", "12h").points]
    assert [None, pytest.approx(2 / 3, abs=1e-6)] == rates
    assert {"groups", "slots"} == set(tracking.frames("1d"))


def test_much_that_waits_is_merged_before_a_look(
    tracking: errclass.FailureTracking, store: errclass.Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the next look is quicker."""
    monkeypatch.setattr("errclass.system.tracking.tracking_parts._MERGED_FROM", 3)
    for _ in range(2):
        tracking.record_success(tracking.start_operation("build"))
    tracking.get_current_metrics()
    assert 2 == store.count_waiting()[0]
    tracking.record_success(tracking.start_operation("build"))
    clock.pass_by(1)
    assert (3, 0) == (tracking.get_current_metrics().calls, store.count_waiting()[0])


def test_it_is_light_to_have(home: Path) -> None:
    """Nothing is read or written before something is told."""
    forget_parts()
    errclass.FailureTracking()
    assert not home.exists()
