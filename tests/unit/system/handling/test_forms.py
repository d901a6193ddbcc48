"""Failures come in by guards, blocks, the log and hooks; each is handled once, and raised as its own."""

from __future__ import annotations

import asyncio
import inspect
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from support.handling import IDEMPOTENT, Flaky, count_stored, open_system, refuse

import errclass
from errclass import ErrorHandlingSystem, ErrorLogHandler, UsageError
from errclass.testing import quick_retries


@pytest.fixture(autouse=True)
def _quickly() -> Any:
    with quick_retries():
        yield


def test_a_guarded_function_succeeds_in_the_end(home: Path) -> None:
    """Its caller gets what it returned, with its own arguments."""
    flaky = Flaky(2)
    with open_system(home) as system:

        @system.guard(operation_type="deploy", effect="idempotent")
        def deploy(place: str, *, count: int) -> tuple[str, int, str]:
            """Deploy it."""
            return place, count, flaky()

        assert ("here", 3, "deployed") == deploy("here", count=3)
        assert ("deploy", "Deploy it.") == (deploy.__name__, deploy.__doc__)
    assert 3 == flaky.calls


def test_a_guarded_function_raises_its_own_first_error(home: Path) -> None:
    """With a note that says what became of it."""
    errors = [refuse() for _ in range(9)]
    left = list(errors)
    with open_system(home) as system:

        @system.guard(operation_type="deploy", effect="idempotent")
        def deploy() -> None:
            raise left.pop(0)

        with pytest.raises(ConnectionError) as caught:
            deploy()
    assert errors[0] is caught.value
    assert (5, None) == (len(left), caught.value.__context__)
    assert any(note.startswith("errclass: network") for note in caught.value.__notes__)


def test_a_guarded_coroutine_function_is_one(home: Path) -> None:
    """And is handled like a function."""
    flaky = Flaky(1)
    with open_system(home) as system:

        @system.guard(effect="idempotent")
        async def deploy() -> Any:
            return await flaky.acall()

        assert inspect.iscoroutinefunction(deploy)
        assert "deployed" == asyncio.run(deploy())


def test_a_function_without_a_name_given_is_called_by_its_own(home: Path) -> None:
    """With its module."""
    with open_system(home) as system:

        @system.guard()
        def unnamed() -> None:
            raise refuse()

        with pytest.raises(ConnectionError):
            unnamed()
        (name,) = system.get_statistics()["retry_system"]["by_operation"]
    assert f"{__name__}.test_a_function_without_a_name_given_is_called_by_its_own.<locals>.unnamed" == name


def test_what_is_guarded_within_is_handled_once(home: Path) -> None:
    """By the outermost guard: retries do not multiply, and nothing is kept twice."""
    inner_calls = []
    with open_system(home) as system:

        @system.guard(operation_type="inner", effect="idempotent")
        def inner() -> None:
            inner_calls.append(1)
            raise refuse()

        @system.guard(operation_type="outer", effect="idempotent")
        def outer() -> None:
            errclass.retry(attempts=3)(inner)()

        with pytest.raises(ConnectionError):
            outer()
        assert 1 == system.get_statistics()["system"]["total_errors"]
    assert 4 == len(inner_calls)
    assert {"failures": 4, "calls": 4} == count_stored(home)


def test_a_task_that_outlives_its_guard_is_guarded_by_its_own(home: Path) -> None:
    """What it inherited is over."""
    flaky = Flaky(1)

    async def main(system: ErrorHandlingSystem) -> Any:
        @system.guard(operation_type="inner", effect="idempotent")
        async def inner(may_begin: asyncio.Event) -> Any:
            await may_begin.wait()
            return await flaky.acall()

        @system.guard(operation_type="outer", effect="idempotent")
        async def outer(may_begin: asyncio.Event) -> asyncio.Task[Any]:
            async def later() -> Any:
                await may_begin.wait()
                return await inner(may_begin)

            return asyncio.create_task(later())

        may_begin = asyncio.Event()
        task = await outer(may_begin)
        may_begin.set()
        return await task

    with open_system(home) as system:
        assert "deployed" == asyncio.run(main(system))


def test_generators_are_refused(home: Path) -> None:
    """Their errors come while they are consumed."""

    def generate() -> Any:
        yield 1

    with open_system(home) as system, pytest.raises(UsageError, match=r"system\.watch"):
        system.guard()(generate)


def test_an_operation_id_is_refused_by_a_guard(home: Path) -> None:
    """It would make all calls one."""
    with open_system(home) as system, pytest.raises(UsageError, match="operation_id"):
        system.guard(context={"operationId": "one"})


def test_a_watched_block_raises_what_it_raised(home: Path) -> None:
    """It is handled, and the result says what the caller may do."""
    error = refuse()
    with open_system(home) as system:
        block = system.watch(IDEMPOTENT)
        with pytest.raises(ConnectionError) as caught, block:
            raise error
    assert error is caught.value
    assert block.result is not None
    assert block.result.retry_in is not None
    assert {"failures": 1, "calls": 1} == count_stored(home)


def test_a_watched_block_of_a_task(home: Path) -> None:
    """Likewise."""

    async def main(system: ErrorHandlingSystem) -> None:
        async with system.watch(IDEMPOTENT):
            raise refuse()

    with open_system(home) as system, pytest.raises(ConnectionError):
        asyncio.run(main(system))
    assert {"failures": 1, "calls": 1} == count_stored(home)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_watched_block_lets_cancellations_pass(home: Path, error: type[BaseException]) -> None:
    """As a guard does."""
    with open_system(home) as system, pytest.raises(error), system.watch(IDEMPOTENT):
        raise error
    assert not home.exists()


def test_a_block_that_succeeds_costs_nothing(home: Path) -> None:
    """Nothing is loaded or made; the same holds of guarded functions."""
    with open_system(home) as system:
        with system.watch(IDEMPOTENT) as block:
            pass
        assert 1 == system.guard()(lambda: 1)()
    assert block.result is None
    assert not home.exists()


@pytest.fixture
def logger() -> logging.Logger:
    """A logger of the test's own."""
    logger = logging.getLogger("shop.orders")
    logger.handlers.clear()
    return logger


def test_a_logged_error_is_handled_in_the_background(home: Path, logger: logging.Logger) -> None:
    """Closing the handler waits for it."""
    with open_system(home) as system:
        handler = ErrorLogHandler(system, seconds=60)
        logger.addHandler(handler)
        try:
            raise refuse()
        except ConnectionError:
            logger.exception("not deployed")
        handler.close()
        assert {"network": 1} == system.get_statistics()["system"]["by_type"]


def test_what_is_no_error_is_not_handled(home: Path, logger: logging.Logger) -> None:
    """Lower levels, records without an exception, Ctrl-C, and what errclass itself logs."""
    with open_system(home) as system:
        handler = ErrorLogHandler(system, seconds=60)
        logger.addHandler(handler)
        own = logging.getLogger("errclass")
        own.addHandler(handler)
        logger.warning("slow", exc_info=refuse())
        logger.error("not deployed")
        logger.error("stopped", exc_info=KeyboardInterrupt())
        own.error("errclass.inner_fault", exc_info=refuse())
        own.removeHandler(handler)
        handler.close()
        logger.error("too late", exc_info=refuse())
        assert 0 == system.get_statistics()["system"]["total_errors"]


def test_an_error_that_was_handled_is_not_handled_again(
    home: Path, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guard raises it, somebody logs it, and it ends a thread."""
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with open_system(home) as system, system.install_threading_hook():
        handler = ErrorLogHandler(system, seconds=60)
        logger.addHandler(handler)

        @system.guard(operation_type="deploy")
        def deploy() -> None:
            raise refuse()

        def run() -> None:
            try:
                deploy()
            except ConnectionError:
                logger.exception("not deployed")
                raise

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        handler.close()
        assert 1 == system.get_statistics()["system"]["total_errors"]


def test_a_flood_of_logged_errors_is_bounded(home: Path, logger: logging.Logger) -> None:
    """What there is no room for is counted, and nobody waits."""
    may_go_on = threading.Event()

    class Slow(ErrorHandlingSystem):
        def handle_error(self, *args: Any, **kwargs: Any) -> Any:
            may_go_on.wait(60)

    handler = ErrorLogHandler(Slow(), capacity=2, seconds=60)
    logger.addHandler(handler)
    for _ in range(10):
        logger.error("not deployed", exc_info=refuse())
    left_out = handler.left_out
    may_go_on.set()
    handler.close()
    assert left_out in (7, 8)  # one may be in hand already


def test_a_hook_of_threads_calls_the_one_before(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And after ``uninstall`` that one is back."""
    shown: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", shown.append)
    before = threading.excepthook

    def fail() -> None:
        raise refuse()

    with open_system(home) as system:
        hook = system.install_threading_hook()
        for _ in range(2):
            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
            hook.uninstall()
            hook.uninstall()
        assert (2, 1) == (len(shown), system.get_statistics()["system"]["total_errors"])
    assert before is threading.excepthook


def test_a_hook_over_ours_stays(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours is taken back by doing nothing any more."""
    shown: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *args: shown.append(args))
    with open_system(home) as system:
        hook = system.install_excepthook()
        ours = sys.excepthook

        def others(*args: Any) -> None:
            ours(*args)

        monkeypatch.setattr(sys, "excepthook", others)
        hook.uninstall()
        assert others is sys.excepthook
        error = refuse()
        sys.excepthook(ConnectionError, error, None)
        assert (1, 0) == (len(shown), system.get_statistics()["system"]["total_errors"])


UNCAUGHT = """
import errclass
system = errclass.ErrorHandlingSystem()
system.install_excepthook()
raise ConnectionError("connect ETIMEDOUT 203.0.113.7:443")
"""


def test_the_error_that_ends_a_program_is_handled(home: Path) -> None:
    """Shown as ever, with the exit code as ever, and kept."""
    command = [sys.executable, "-W", "error", "-c", UNCAUGHT]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (1, True) == (ended.returncode, ended.stderr.startswith("Traceback"))
    assert ended.stderr.endswith("ConnectionError: connect ETIMEDOUT 203.0.113.7:443\n")
    assert {"failures": 1, "calls": 1} == count_stored(home)


def test_a_loop_handler_calls_the_one_before(home: Path) -> None:
    """Taking it back waits for what it was told."""
    shown: list[Any] = []

    async def main(system: ErrorHandlingSystem) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: shown.append(context))
        before = loop.get_exception_handler()
        with system.install_loop_handler() as hook:
            loop.call_exception_handler({"message": "lost", "exception": refuse()})
            loop.call_exception_handler({"message": "no exception"})
            loop.call_exception_handler({"message": "stopped", "exception": KeyboardInterrupt()})
            hook.uninstall(60)
        assert before is loop.get_exception_handler()

    with open_system(home) as system:
        asyncio.run(main(system))
        assert (3, 1) == (len(shown), system.get_statistics()["system"]["total_errors"])
