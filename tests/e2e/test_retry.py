"""``errclass.retry``: the classifier and the rules decide what is called again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import errclass
from errclass.actions.retry import RetryEvent, RetryMode, RetryStopped, use_mode
from errclass.core.types import Context


@pytest.fixture(autouse=True)
def sleepless() -> Iterator[None]:
    """Wait for nothing."""
    with use_mode(RetryMode(sleeps=False)):
        yield


class Service:
    """Raise these errors one after the other, then answer."""

    def __init__(self, *errors: BaseException) -> None:
        self.calls = 0
        self._errors = list(errors)

    def ask(self) -> str:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return "answer"

    @errclass.retry(operation="test-method")
    def ask_again(self) -> str:
        return self.ask()

    async def ask_later(self) -> str:
        return self.ask()


def refused() -> ConnectionRefusedError:
    return ConnectionRefusedError(111, "Connection refused")


def test_a_network_failure_is_called_again() -> None:
    """Functions, methods and coroutines."""
    first, second, third = Service(refused(), refused()), Service(refused()), Service(refused())
    assert "answer" == errclass.retry(operation="test-function")(first.ask)()
    assert "answer" == second.ask_again()
    assert "answer" == asyncio.run(errclass.retry(operation="test-coroutine")(third.ask_later)())
    assert (3, 2, 2) == (first.calls, second.calls, third.calls)


def test_an_error_of_ones_own_code_is_not() -> None:
    """It is raised as it is, with what was decided beside it."""
    service = Service(AssertionError("expected 3, got 4"), refused())
    with pytest.raises(AssertionError, match="expected 3") as caught:
        errclass.retry(operation="test-own")(service.ask)()
    assert 1 == service.calls
    assert "another attempt would not help" in caught.value.__notes__[0]
    assert "decision " in caught.value.__notes__[0]


def test_the_rules_say_how_often() -> None:
    """Four calls; six in development; whoever says it otherwise is heard."""

    def count(**options: Any) -> int:
        service = Service(*(refused() for _ in range(20)))
        with pytest.raises(ConnectionRefusedError):
            errclass.retry(operation=f"test-count-{options}", **options)(service.ask)()
        return service.calls

    assert [4, 6, 9, 2, 1] == [
        count(),
        count(context=Context(environment="development")),
        count(attempts=9),
        count(effect="reversible"),
        count(effect="irreversible"),
    ]


def test_a_responses_status_and_retry_after_count() -> None:
    """Whatever client the exception comes from."""
    waits: list[RetryEvent] = []

    class Response:
        status_code = 503
        headers = {"Retry-After": "7"}  # noqa: RUF012 - as a client's

    class HTTPStatusError(Exception):
        response = Response()

    system = errclass.IntelligentRetrySystem(listeners=(waits.append,))
    assert "answer" == system.execute_with_retry(Service(HTTPStatusError("upstream said no")).ask)
    scheduled = waits[0]
    assert ("temporary", True) == (scheduled.kind, 7 <= scheduled.wait <= 7.25)


def test_a_circle_of_causes_is_survived() -> None:
    """As some frameworks make them."""
    one, two = refused(), ValueError("wrapped")
    one.__cause__, two.__cause__ = two, one
    with pytest.raises(ConnectionRefusedError):
        errclass.retry(operation="test-circle", attempts=2)(Service(one, one, one).ask)()


def test_generators_are_refused() -> None:
    """What they yielded cannot be taken back."""

    def numbers() -> Iterator[int]:
        yield 1

    async def numbers_later() -> Any:
        yield 1

    for function in (numbers, numbers_later):
        with pytest.raises(errclass.UsageError, match="is a generator"):
            errclass.retry()(function)


def test_a_system_keeps_counts_and_breakers() -> None:
    """By operation; its breaker opens on failures of the other side, and says when to come back."""
    events: list[RetryEvent] = []
    system = errclass.IntelligentRetrySystem(max_retries=2, listeners=(events.append,))
    for _ in range(2):
        with pytest.raises((ConnectionRefusedError, errclass.CircuitOpenError)):
            system.execute_with_retry(Service(*(refused() for _ in range(9))).ask, Context(operation="deploy"))
    assert "answer" == system.execute_with_retry(Service().ask, Context(operation="other"))
    counts = system.get_statistics()
    assert (3, 1, 2) == (
        counts.total.total_operations, counts.total.successful_operations, counts.total.failed_operations,
    )  # fmt: skip
    assert ({"network": 5}, "open") == (counts.by_type, system.breakers.of("deploy").state)
    assert "circuit_open" == next(e.reason for e in reversed(events) if isinstance(e, RetryStopped))
    system.reset()
    assert (0, "closed") == (system.get_statistics().total.total_operations, system.breakers.of("deploy").state)
    with pytest.raises(errclass.UsageError, match="not both"):
        errclass.IntelligentRetrySystem(attempts=2, max_retries=2)


def test_systems_share_through_the_store() -> None:
    """What one saw the other knows."""
    one, two = (errclass.IntelligentRetrySystem(shared=True, attempts=1) for _ in range(2))
    for system in (one, two, one, two, one):
        with pytest.raises(ConnectionRefusedError):
            system.execute_with_retry(Service(refused()).ask, Context(operation="deploy"))
    with pytest.raises(errclass.CircuitOpenError):
        asyncio.run(two.aexecute_with_retry(Service().ask_later, Context(operation="deploy")))


def test_a_decorated_function_loads_nothing_heavy_until_it_fails() -> None:
    """Neither the model nor the rules are read on the way of success, nor what only tasks or contexts need."""
    code = (
        "import sys, errclass\n"
        "@errclass.retry(breaker=True)\n"
        "def work(): return 1\n"
        "assert work() == 1\n"
        "heavy = {'numpy', 'sklearn', 'duckdb', 'yaml', 'pydantic', 'pandas', 'httpx', 'asyncio', 'errclass.core.types'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout
