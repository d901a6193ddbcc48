"""What programs hand in and have around: odd operations, odd log messages, log handlers that raise."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from support.handling import IDEMPOTENT, Flaky, count_stored, open_system, refuse

from errclass import ErrorHandlingSystem, ErrorLogHandler
from errclass.core.errors import StoreError
from errclass.core.types import Failure
from errclass.outcomes import Store, read_mart
from errclass.system.handling.background_handling import BackgroundHandling
from errclass.system.handling.handling_records import HandlingRecords
from errclass.testing import quick_retries


@pytest.fixture(autouse=True)
def _quickly() -> Iterator[None]:
    with quick_retries():
        yield


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """A logger that only its own handlers hear."""
    own = logging.getLogger("deploying_roughly")
    own.propagate = False
    yield own
    own.handlers.clear()


class Raising(logging.Handler):
    """A log handler with a fault of its own."""

    def emit(self, record: logging.LogRecord) -> NoReturn:
        raise RuntimeError(f"it could not write {record.name}")


class Unspeakable:
    """An object that cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError("no text")


@pytest.fixture
def _raising_log() -> Iterator[None]:
    own, handler = logging.getLogger("errclass"), Raising()
    own.addHandler(handler)
    level = own.level
    own.setLevel(logging.DEBUG)
    yield
    own.setLevel(level)
    own.removeHandler(handler)


@pytest.mark.usefixtures("_raising_log")
def test_a_log_handler_that_raises(home: Path) -> None:
    """It costs neither the result of the operation, nor a call more than are needed."""
    operation = Flaky(0)
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, operation)
        assert (True, "deployed", 1) == (result.success, result.result, operation.calls)


@pytest.mark.usefixtures("_raising_log")
def test_a_log_handler_that_raises_at_a_fault(home: Path) -> None:
    """The fault stands in the result, and nothing is raised."""
    with open_system(home, model=str(home / "none")) as system:
        assert system.handle_error(refuse(), IDEMPOTENT, Flaky(0)).is_handling_error
        assert system.handle_error(refuse(), 7).is_handling_error  # type: ignore[arg-type] # it is a caller's slip


def test_a_success_outlives_a_fault_after_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operation returned is not lost, and the fault is told."""

    def fail(*_: Any) -> NoReturn:
        raise RuntimeError("out of order")

    monkeypatch.setattr(HandlingRecords, "record_success", fail)
    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, Flaky(0))
        assert (True, "deployed", True) == (result.success, result.result, result.is_handling_error)


def test_a_plain_function_that_makes_a_coroutine(home: Path) -> None:
    """It is refused, and what is kept and decided is about the operation's own error."""

    async def deploy() -> None: ...

    with open_system(home) as system:
        result = system.handle_error(refuse(), IDEMPOTENT, lambda: deploy())  # noqa: PLW0108 - a coroutine function would be told by itself
        assert "network" == result.decision.type  # type: ignore[union-attr] # it decided
        assert result.is_handling_error
        assert isinstance(result.error, ConnectionError)
    assert {"failures": 1, "calls": 1} == count_stored(home)


def test_a_coroutine_that_hangs_ends_at_the_deadline(home: Path) -> None:
    """That is a failure of the operation, and none of errclass."""

    async def hang() -> None:
        await asyncio.Event().wait()

    with open_system(home) as system:
        system.handle_error(refuse(), {"operation": "warm up"})
        result = asyncio.run(system.ahandle_error(refuse(), IDEMPOTENT, hang, timeout=2.0))
        assert (False, ()) == (result.success, result.faults)
        assert isinstance(result.error, TimeoutError)


def test_a_fault_that_cannot_be_told(home: Path) -> None:
    """Its class stands for it."""

    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError("no text")

    class Context(dict[str, Any]):
        def __iter__(self) -> NoReturn:
            raise MuteError

    with open_system(home) as system:
        result = system.handle_error(refuse(), Context())
        assert ("errclass could not handle it: MuteError: MuteError",) == result.faults


def test_a_logged_object_that_cannot_be_told(home: Path) -> None:
    """Its error is handled, and the program that logged it goes on."""
    error = refuse()
    said = {"name": "deploying", "msg": Unspeakable(), "exc_info": (type(error), error, None)}
    with open_system(home) as system:
        handler = ErrorLogHandler(system)
        handler.handle(logging.makeLogRecord(said))
        handler.close()
        assert 1 == system.get_statistics()["system"]["total_errors"]


def test_what_is_logged_within_a_guard_is_the_guards(home: Path, logger: logging.Logger) -> None:
    """A function that logs its error and raises it is called again, and nothing is kept twice."""
    flaky = Flaky(1)
    with open_system(home) as system:
        handler = ErrorLogHandler(system)
        logger.addHandler(handler)

        @system.guard(effect="idempotent")
        def deploy() -> Any:
            try:
                return flaky()
            except ConnectionError:
                logger.exception("it failed")
                raise

        assert "deployed" == deploy()
        handler.close()
    assert {"failures": 1, "calls": 2} == count_stored(home)


def test_an_error_without_room_is_not_taken_for_handled(home: Path, logger: logging.Logger) -> None:
    """Whoever hears of it later handles it."""
    error = refuse()
    with open_system(home) as system:
        handler = ErrorLogHandler(system, capacity=0)
        logger.addHandler(handler)
        logger.error("it failed", exc_info=error)
        handler.close()
        assert 1 == handler.left_out
        with pytest.raises(ConnectionError), system.watch(IDEMPOTENT) as block:
            raise error
        assert block.result is not None


def test_something_put_in_while_something_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a signal handler or a destructor does: nobody waits for itself."""
    with open_system(home) as system:
        background, begin = BackgroundHandling(system, 5), BackgroundHandling._has_begun

        def put_another(self: BackgroundHandling) -> bool:
            monkeypatch.setattr(BackgroundHandling, "_has_begun", begin)
            assert self.put(refuse(), IDEMPOTENT)
            return begin(self)

        monkeypatch.setattr(BackgroundHandling, "_has_begun", put_another)
        putting = threading.Thread(target=background.put, args=(refuse(), IDEMPOTENT), daemon=True)
        putting.start()
        putting.join(10)
        assert not putting.is_alive()
        background.close(30)
        assert 2 == system.get_statistics()["system"]["total_errors"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it forks")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_handles_what_it_logs(home: Path, logger: logging.Logger) -> None:
    """Its parent's thread is not in it."""
    with open_system(home) as system:
        handler = ErrorLogHandler(system, seconds=60)
        logger.addHandler(handler)
        logger.error("before", exc_info=refuse())
        while not system.get_statistics()["system"]["total_errors"]:
            pass
        child = os.fork()
        if not child:
            logger.error("after", exc_info=refuse())
            handler.close()
            os._exit(system.get_statistics()["system"]["total_errors"])
        assert 2 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        handler.close()
    assert 2 == count_stored(home)["failures"]


@pytest.mark.parametrize("operation", [None, Flaky(0)])
def test_errclass_taken_away_under_a_running_program(monkeypatch: pytest.MonkeyPatch, operation: Flaky | None) -> None:
    """What fails then raises its own error, and not that of an import."""
    monkeypatch.setitem(sys.modules, "errclass.system.handling.handling_desk", None)
    system, error = ErrorHandlingSystem(), refuse()

    @system.guard(effect="idempotent")
    def deploy() -> None:
        raise error

    with pytest.raises(ConnectionError) as caught:
        deploy()
    assert error is caught.value
    results = [system.handle_error(error, None, operation), asyncio.run(system.ahandle_error(error, None, operation))]
    assert [(False, True, error)] * 2 == [(one.success, one.is_handling_error, one.error) for one in results]


def test_the_wait_that_a_caller_is_told_is_as_set(home: Path) -> None:
    """Without jitter it is the plan's own."""
    with open_system(home, retry__jitter="none", retry__base_delay=4.0) as system:
        assert 4.0 == system.handle_error(refuse(), IDEMPOTENT).retry_in


def test_a_failed_call_ended_when_it_failed(home: Path) -> None:
    """And not when it was decided on, which would count as time of the operation."""
    failed = Failure("connect ETIMEDOUT 203.0.113.7:443", time=datetime(2026, 11, 1, 12, tzinfo=UTC))
    with open_system(home) as system:
        system.handle_error(failed, IDEMPOTENT)
    with Store(home / "store") as store:
        ends = [(run["success"], run["ended_at"]) for run in read_mart(store, "runs")]
    assert [(False, datetime(2026, 11, 1, 12))] == ends


@pytest.mark.parametrize("operation", [None, Flaky(0)])
def test_a_store_that_another_process_holds(home: Path, operation: Flaky | None) -> None:
    """It is waited for within the deadline, or for a second, and never for its usual half minute."""
    with open_system(home) as system:
        system.handle_error(refuse(), IDEMPOTENT)
        with closing(sqlite3.connect(home / "store" / "inbox.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            result = system.handle_error(refuse(), IDEMPOTENT, operation, timeout=0.5)
        assert "another process held it for more than 1 s" in result.faults[0]


def test_a_store_that_fails_after_a_success(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Likewise the result is the operation's."""

    def fail(*_: Any) -> NoReturn:
        raise StoreError("the disk is full")

    with open_system(home) as system:
        system.handle_error(refuse(), IDEMPOTENT)
        monkeypatch.setattr(type(system._get_desk().parts.get_store()), "add_events", fail)
        assert system.handle_error(refuse(), IDEMPOTENT, Flaky(0)).success
