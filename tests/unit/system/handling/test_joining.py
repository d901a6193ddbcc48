"""Many failures at once: each is kept once, the same run is handled once, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from support.handling import IDEMPOTENT, Flaky, count_stored, open_system, refuse

from errclass import ErrorHandlingSystem, HandlingResult
from errclass.outcomes import Store
from errclass.testing import quick_retries


@pytest.fixture(autouse=True)
def _quickly() -> Any:
    with quick_retries():
        yield


def count_runs(home: Path) -> Counter[str | None]:
    """Return how many failures are kept of each run."""
    with Store(home / "store") as store:
        return Counter(one.context.operation_id for one in store.outcomes())


def test_a_hundred_threads_handle_errors_at_once(home: Path) -> None:
    """Each failure is kept once: none is lost and none is there twice."""
    begin = threading.Barrier(100, timeout=60)

    def handle(number: int) -> HandlingResult:
        begin.wait()
        return system.handle_error(refuse(), {**IDEMPOTENT, "operation_id": f"run-{number}"})

    with open_system(home, enable__circuit_breaker=False) as system, ThreadPoolExecutor(100) as threads:
        results = list(threads.map(handle, range(100)))
    assert [()] * 100 == [result.faults for result in results]
    assert Counter({f"run-{number}": 1 for number in range(100)}) == count_runs(home)
    assert {"failures": 100, "calls": 100} == count_stored(home)


def test_a_thousand_tasks_handle_errors_at_once(home: Path) -> None:
    """Likewise, and each operation is called again as often as it takes."""

    async def main(system: ErrorHandlingSystem) -> list[HandlingResult]:
        flaky = [Flaky(0, value=number) for number in range(1000)]
        return await asyncio.gather(
            *(
                system.ahandle_error(refuse(), {**IDEMPOTENT, "operation_id": f"run-{number}"}, one.acall)
                for number, one in enumerate(flaky)
            )
        )

    config = {"enable__circuit_breaker": False, "decision__autonomy": "auto"}
    with open_system(home, **config) as system:
        results = asyncio.run(main(system))
    assert [()] * 1000 == [result.faults for result in results]
    assert Counter({f"run-{number}": 1 for number in range(1000)}) == count_runs(home)
    # What succeeded is what was called again; the budget of retries may have ended it for some.
    succeeded = [result for result in results if result.success]
    assert [result.result for result in succeeded] == [int(one.operation_id[4:]) for one in succeeded]
    assert {"failures": 1000, "calls": 1000 + len(succeeded)} == count_stored(home)


def test_the_same_run_is_handled_once(home: Path) -> None:
    """All who ask for it at the same time get the result of that."""
    begin = threading.Barrier(20, timeout=60)
    may_end, calls = threading.Event(), []

    def operation() -> str:
        calls.append(1)
        may_end.wait(60)
        return "deployed"

    def handle(_: int) -> HandlingResult:
        begin.wait()
        return system.handle_error(refuse(), {**IDEMPOTENT, "operation_id": "one"}, operation)

    with open_system(home) as system, ThreadPoolExecutor(20) as threads:
        results = threads.map(handle, range(20))
        may_end.set()
        found = {(result.success, result.result) for result in results}
        counts = system.get_statistics()["system"]
    assert {(True, "deployed")} == found
    assert 20 == counts["total_errors"] + counts["joined"]
    assert len(calls) == counts["total_errors"]


def test_tasks_and_threads_join_each_other(home: Path) -> None:
    """A thread waits for a task of another thread's loop, and a task for a thread."""
    begun, may_end = threading.Event(), threading.Event()

    def operation() -> str:
        begun.set()
        may_end.wait(60)
        return "deployed"

    def join() -> HandlingResult:
        async def main() -> HandlingResult:
            task = asyncio.create_task(system.ahandle_error(refuse(), context, Flaky(0).acall))
            while system.get_statistics()["system"]["total_errors"] == 0 and not may_end.is_set():
                await asyncio.sleep(0)
                may_end.set()
            return await task

        return asyncio.run(main())

    context = {**IDEMPOTENT, "operation_id": "one"}
    with open_system(home) as system, ThreadPoolExecutor(2) as threads:
        first = threads.submit(system.handle_error, refuse(), context, operation)
        begun.wait(60)
        second = threads.submit(join)
        assert ("deployed", "deployed") == (first.result(60).result, second.result(60).result)


def test_without_an_id_two_calls_are_two(home: Path) -> None:
    """They may fail alike and still have two results."""
    with open_system(home) as system, ThreadPoolExecutor(2) as threads:
        values = threads.map(
            lambda value: system.handle_error(refuse(), IDEMPOTENT, lambda: value).result, ("first", "second")
        )
        assert ["first", "second"] == list(values)
    assert {"failures": 2, "calls": 4} == count_stored(home)


def test_a_run_that_is_handled_again_within_itself_does_not_wait_for_itself(home: Path) -> None:
    """In a thread and in a task, with the same id."""
    context = {**IDEMPOTENT, "operation_id": "one"}
    with open_system(home) as system:
        inner: list[HandlingResult] = []

        def operation() -> str:
            inner.append(system.handle_error(refuse(), context, Flaky(0)))
            return "deployed"

        assert "deployed" == system.handle_error(refuse(), context, operation).result
    # It is a retry within a retry, which calls once.
    assert [False] == [result.success for result in inner]


def test_a_thread_that_runs_the_loop_does_not_wait_for_its_task(home: Path) -> None:
    """It would keep it from going on."""

    async def main(system: ErrorHandlingSystem) -> tuple[bool, bool]:
        begun, may_end = asyncio.Event(), asyncio.Event()

        async def operation() -> str:
            begun.set()
            await may_end.wait()
            return "deployed"

        context = {**IDEMPOTENT, "operation_id": "one"}
        task = asyncio.create_task(system.ahandle_error(refuse(), context, operation))
        await begun.wait()
        own = system.handle_error(refuse(), context, Flaky(0))
        may_end.set()
        return own.success, (await task).success

    with open_system(home) as system:
        assert (True, True) == asyncio.run(main(system))


def test_who_waits_for_another_waits_no_longer_than_it_said(home: Path) -> None:
    """It is told that the other one is at it."""
    begun, may_end = threading.Event(), threading.Event()

    def operation() -> str:
        begun.set()
        may_end.wait(60)
        return "deployed"

    context = {**IDEMPOTENT, "operation_id": "one"}
    with open_system(home) as system, ThreadPoolExecutor(1) as threads:
        first = threads.submit(system.handle_error, refuse(), context, operation)
        begun.wait(60)
        late = system.handle_error(refuse(), context, Flaky(0), timeout=0.01)
        may_end.set()
        assert first.result(60).success
    assert (False, True) == (late.success, late.message.startswith("another call is still handling"))


def test_stop_waits_for_what_is_under_way(home: Path) -> None:
    """And lets nothing more in."""
    begun, may_end = threading.Event(), threading.Event()

    def operation() -> str:
        begun.set()
        may_end.wait(60)
        return "deployed"

    with open_system(home) as system, ThreadPoolExecutor(2) as threads:
        first = threads.submit(system.handle_error, refuse(), IDEMPOTENT, operation)
        begun.wait(60)
        stopping = threads.submit(system.stop, 60)
        while not (refused := system.handle_error("x")).is_handling_error:
            pass
        may_end.set()
        stopping.result(60)
        assert (True, False) == (first.result(60).success, refused.success)
