"""A breaker that processes share through a store."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.breaker_workers import fail, hang, work

from errclass.actions.breaker import BreakerChanged, BreakerEvent, BreakerOptions, Consecutive, SharedCircuitBreaker
from errclass.core.errors import CircuitOpenError
from errclass.outcomes import Store
from errclass.testing.clock import FakeClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that nothing was written to yet."""
    with Store(tmp_path / "store") as opened:
        yield opened


def trip(breaker: SharedCircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(ConnectionError):
            breaker.call(fail)


def test_failures_of_all_add_up(store: Store) -> None:
    """Five failures of five breakers open all of them, and one success closes all."""
    clock = FakeClock(1_000)
    breakers = [SharedCircuitBreaker(store, "deploy", clock=clock) for _ in range(5)]
    for breaker in breakers:
        trip(breaker)
    assert {"open"} == {breaker.state for breaker in breakers}
    with pytest.raises(CircuitOpenError):
        breakers[0].call(str)
    clock.sleep(60)
    assert "" == breakers[3].call(str)
    assert {"closed"} == {breaker.state for breaker in breakers}
    assert (5, 1, 1) == (
        breakers[1].status().failure_count, breakers[1].status().success_count, breakers[1].status().rejected_count,
    )  # fmt: skip


def test_one_probe_among_all(store: Store) -> None:
    """The others are refused until it reports, or until it is given up for lost."""
    clock = FakeClock(1_000)
    one, two = (SharedCircuitBreaker(store, "deploy", BreakerOptions(Consecutive(1)), clock=clock) for _ in range(2))
    trip(one)
    clock.sleep(60)
    lost = one.acquire()
    with pytest.raises(CircuitOpenError):
        two.acquire()
    clock.sleep(60)
    second = two.acquire()
    one.report(lost, "success")
    assert "half_open" == two.state
    two.report(second, "success")
    assert "closed" == one.state


def test_a_clock_that_goes_back_keeps_nothing_open(store: Store) -> None:
    """Another machine's clock, or a corrected one: time stands still until it is reached again."""
    clock, behind = FakeClock(1_000), FakeClock(10)
    one = SharedCircuitBreaker(store, "deploy", BreakerOptions(Consecutive(1)), clock=clock)
    two = SharedCircuitBreaker(store, "deploy", BreakerOptions(Consecutive(1)), clock=behind)
    trip(one)
    assert 60 == two.status().time_until_half_open
    clock.sleep(61)
    assert "" == one.call(str)
    assert "" == two.call(str)


def test_every_change_is_told_by_who_made_it(store: Store) -> None:
    """Once."""
    heard: list[BreakerEvent] = []
    options, clock = BreakerOptions(Consecutive(2)), FakeClock(1_000)
    one, two = (SharedCircuitBreaker(store, "x", options, clock=clock, listeners=(heard.append,)) for _ in range(2))
    trip(one)
    trip(two)
    assert [BreakerChanged("x", "closed", "open", 2)] == heard


def test_a_store_that_fails_costs_nothing_but_the_sharing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each process goes by what it saw itself, and says so once."""
    (tmp_path / "store").write_text("no folder")
    breaker = SharedCircuitBreaker(Store(tmp_path / "store"), "deploy", clock=FakeClock(1_000))
    trip(breaker, 5)
    with pytest.raises(CircuitOpenError):
        breaker.call(str)
    assert 1 == sum("errclass.shared_state_lost" in record.message for record in caplog.records)


@pytest.mark.parametrize(
    "document", ["{}", '{"now": 1, "circuit": {"state": "closed"}}', '{"now": "x", "circuit": 3}', "rubbish"]
)
def test_a_damaged_state_stops_nobody(tmp_path: Path, document: str) -> None:
    """The circuit starts anew."""
    with Store(tmp_path / "store") as store:
        breaker = SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_000))
        trip(breaker, 5)
        with sqlite3.connect(tmp_path / "store" / "inbox.sqlite") as inbox:
            inbox.execute("UPDATE states SET document = ?", (document,))
        inbox.close()
        assert "" == breaker.call(str)


def test_four_processes_open_one_breaker(tmp_path: Path) -> None:
    """Within one call of each: what was under way when it opened may end, and no more begins."""
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(4), context.Queue()
    place = str(tmp_path / "store")
    processes = [context.Process(target=work, args=(place, start, results)) for _ in range(4)]
    for process in processes:
        process.start()
    calls = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(30)
    assert 5 <= sum(calls) <= 5 + 4


def test_a_killed_process_leaves_it_usable(tmp_path: Path) -> None:
    """With -9, in the middle of its trial call: another one is let through after a while."""
    context, place = multiprocessing.get_context("spawn"), str(tmp_path / "store")
    options = BreakerOptions(Consecutive(1), open_for=0)
    breaker = SharedCircuitBreaker(Store(place), "deploy", options)
    trip(breaker)
    started = context.Event()
    process = context.Process(target=hang, args=(place, started))
    process.start()
    assert started.wait(60)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(30)
    late = SharedCircuitBreaker(Store(place), "deploy", options, clock=lambda: time.time() + 2)
    with pytest.raises(CircuitOpenError):
        breaker.acquire()
    assert ("", "closed") == (late.call(str), breaker.state)
