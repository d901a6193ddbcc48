"""What retries share can be seen and steered: of decorators by ``get_retries``, of a system by itself."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import errclass
from errclass import BreakerOptions, Context, IntelligentRetrySystem
from errclass.actions.breaker import BreakerChanged, BreakerRefused, Consecutive
from errclass.actions.hooks import PrometheusListener
from errclass.actions.retry import RetryMode, RetryScheduled, RetryStopped, use_mode

RETRIES = errclass.get_retries()


@pytest.fixture
def sleepless() -> Iterator[None]:
    """Wait for nothing."""
    with use_mode(RetryMode(sleeps=False)):
        yield


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """Return what is told of the decorators of this process."""
    events: list[Any] = []

    def hear(event: object) -> None:
        events.append(event)

    RETRIES.add_listener(hear)
    yield events
    RETRIES.remove_listener(hear)


def refuse() -> None:
    raise ConnectionError("refused")


def test_decorators_are_counted(sleepless: None) -> None:
    """By operation, with the sums over all."""
    with pytest.raises(ConnectionError):
        errclass.retry(on=OSError, attempts=3, operation="test-counted")(refuse)()
    assert "done" == errclass.retry(operation="test-counted")(lambda: "done")()
    counts = RETRIES.get_statistics()
    own = counts.by_operation["test-counted"]
    assert (2, 1, 1, 4) == (own.total_operations, own.successful_operations, own.failed_operations, own.attempts)
    assert counts.total.total_operations >= 2


def test_listeners_hear_decorators_and_their_breakers(sleepless: None, heard: list[Any]) -> None:
    """Until they are taken away."""
    options = BreakerOptions(Consecutive(2))
    with pytest.raises(errclass.CircuitOpenError):
        errclass.retry(on=OSError, operation="test-heard", breaker=options)(refuse)()
    with pytest.raises(errclass.CircuitOpenError):
        errclass.retry(on=OSError, operation="test-heard", breaker=options)(refuse)()
    assert [RetryScheduled, BreakerChanged, RetryStopped, BreakerRefused, RetryStopped] == [type(e) for e in heard]
    for known in RETRIES._listeners:
        RETRIES.remove_listener(known)
    heard.clear()
    with pytest.raises(ConnectionError):
        errclass.retry(on=OSError, operation="test-unheard")(refuse)()
    assert [] == heard


def test_a_listener_that_fails_silences_nobody(
    sleepless: None, heard: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the user's error nor the listeners after it."""

    def fail(event: object) -> None:
        raise ValueError("a listener's own mistake")

    def hear_too(event: object) -> None:
        late.append(event)

    late: list[object] = []
    RETRIES.add_listener(fail)
    RETRIES.add_listener(hear_too)
    try:
        with caplog.at_level(logging.ERROR), pytest.raises(ConnectionError):
            errclass.retry(on=OSError, attempts=2, operation="test-failing-listener")(refuse)()
    finally:
        RETRIES.remove_listener(fail)
        RETRIES.remove_listener(hear_too)
    assert (2, 2) == (len(heard), len(late))
    assert "errclass.listener_failed" in caplog.text


def test_a_systems_listeners_hear_its_breakers(sleepless: None) -> None:
    """So that the metrics of breakers are not empty."""
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    system = IntelligentRetrySystem(
        on=OSError, breaker=BreakerOptions(Consecutive(1)), listeners=(PrometheusListener(registry),)
    )
    for _ in range(2):
        with pytest.raises(errclass.CircuitOpenError):
            system.execute_with_retry(refuse, Context(operation="deploy"))
    assert [1, 1] == [
        registry.get_sample_value(f"errclass_breaker_{name}_total", {"operation": "deploy", "state": "open"})
        for name in ("changes", "refusals")
    ]


def test_a_waiting_call_of_a_decorator_is_seen_and_cancelled() -> None:
    """It raises its last error at once, though an hour was left."""
    failed: list[BaseException] = []
    slow = errclass.Backoff("fixed", 3600, cap=3600, jitter="none")

    def call() -> None:
        try:
            errclass.retry(on=OSError, backoff=slow, operation="test-waiting")(refuse)()
        except ConnectionError as error:
            failed.append(error)

    thread = threading.Thread(target=call)
    told = threading.Event()

    def hear(event: object) -> None:
        told.set()

    RETRIES.add_listener(hear)
    thread.start()
    try:
        assert told.wait(60)
        while not (waiting := [retry for retry in RETRIES.get_active_retries() if retry.operation == "test-waiting"]):
            thread.join(0.001)
        assert [(1, 3600)] == [(retry.attempts, retry.wait) for retry in waiting]
        assert RETRIES.cancel_retry(waiting[0].id)
        thread.join(60)
    finally:
        RETRIES.remove_listener(hear)
    assert "somebody cancelled it" in failed[0].__notes__[0]
    assert not RETRIES.cancel_retry(waiting[0].id)


def test_a_waiting_task_is_cancelled_as_well() -> None:
    """From within its own loop."""

    async def refuse_later() -> None:
        refuse()

    async def run() -> str:
        slow = errclass.Backoff("fixed", 3600, cap=3600, jitter="none")
        task = asyncio.ensure_future(errclass.retry(on=OSError, backoff=slow, operation="test-task")(refuse_later)())
        await asyncio.sleep(0)
        (waiting,) = (retry for retry in RETRIES.get_active_retries() if retry.operation == "test-task")
        RETRIES.cancel_retry(waiting.id)
        with pytest.raises(ConnectionError) as caught:
            await task
        return str(caught.value.__notes__[0])

    assert "somebody cancelled it" in asyncio.run(run())


@pytest.mark.parametrize("retries", [RETRIES, IntelligentRetrySystem(on=OSError)])
def test_a_reset_reaches_what_is_in_use(retries: Any, sleepless: None) -> None:
    """Functions that were decorated before and after it have one budget and one breaker."""
    flow = retries.make_flow(errclass.actions.retry.RetryPolicy(None, "test-reset"), True, True)
    budget, breaker = flow.budget, flow.breaker
    while budget.pay(None) is not None:
        pass
    for _ in range(5):
        breaker.report(breaker.acquire(), "failure")
    flow.counter.fail(3)
    retries.reset()
    assert (500, "closed") == (budget.tokens, breaker.state)
    assert 0 == retries.get_statistics().by_operation["test-reset"].attempts
    assert (budget, breaker) == (retries.budget_of("test-reset"), retries.breaker_of("test-reset"))


def test_types_are_counted_by_all_threads(sleepless: None) -> None:
    """Each failed attempt once."""
    system = IntelligentRetrySystem(attempts=3, breaker=None, budget=None)
    event = RetryScheduled("deploy", 1, 0.0, 0.0, "ConnectionError", "network", "")
    logging.getLogger("errclass").disabled = True
    try:
        threads = [threading.Thread(target=lambda: [system.tell(event) for _ in range(500)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        logging.getLogger("errclass").disabled = False
    assert {"network": 4000} == system.get_statistics().by_type
