"""A breaker that processes share through a store."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.breaker_workers import fail, hang, work

from errclass.actions.breaker import BreakerChanged, BreakerEvent, BreakerOptions, Consecutive, SharedCircuitBreaker
from errclass.core.errors import CircuitOpenError, UsageError
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


def test_a_clock_that_was_ahead_keeps_nothing_open(store: Store) -> None:
    """By an hour: an open circuit is half open after its time by everybody's own clock, and so is a lost probe's."""
    options, ahead, right = BreakerOptions(Consecutive(1)), FakeClock(4_600), FakeClock(1_000)
    wrong = SharedCircuitBreaker(store, "deploy", options, clock=ahead)
    trip(wrong)
    one, two = (SharedCircuitBreaker(store, "deploy", options, clock=right) for _ in range(2))
    with pytest.raises(CircuitOpenError, match="for 60 s"):
        one.acquire()
    right.sleep(59)
    assert 1 == two.time_left
    with pytest.raises(CircuitOpenError, match="for 1 s"):
        two.acquire()
    right.sleep(1)
    lost = two.acquire()
    right.sleep(60)
    assert "" == one.call(str)
    two.report(lost, "failure")
    assert ("closed", "closed") == (one.state, wrong.state)


def test_a_clock_that_was_ahead_keeps_no_failure_for_ever(store: Store) -> None:
    """Its failures are as old as they are by everybody's own clock."""
    ahead, right = FakeClock(4_600), FakeClock(1_000)
    wrong, other = (SharedCircuitBreaker(store, "deploy", clock=clock) for clock in (ahead, right))
    trip(wrong, 4)
    assert "" == other.call(str)
    right.sleep(299)
    assert 4 == other.status().recent_failures
    right.sleep(1)
    assert 0 == other.status().recent_failures
    trip(other)
    assert "closed" == other.state


def test_clocks_that_differ_a_little_make_time_no_faster(store: Store) -> None:
    """Two machines that are refused in turns do not wind an open circuit forward."""
    options, early, late = BreakerOptions(Consecutive(1)), FakeClock(1_002), FakeClock(1_000)
    breakers = [SharedCircuitBreaker(store, "deploy", options, clock=clock) for clock in (early, late)]
    trip(breakers[0])
    for clock in (early, late) * 20:
        clock.sleep(1)
        with pytest.raises(CircuitOpenError):
            breakers[clock is late].acquire()
    assert 40 == breakers[0].time_left


def test_who_looks_writes_nothing(store: Store) -> None:
    """Neither into a store that has no state, nor over another's."""
    breaker = SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_000))
    looks = (breaker.status, breaker.export_state, lambda: breaker.time_left, lambda: breaker.state)
    for look in looks:
        look()
    assert store.read_state("breaker", "deploy") is None
    trip(breaker, 5)
    written = store.read_state("breaker", "deploy")
    later = SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_030))
    assert (30, 30, "open") == (later.time_left, later.status().time_until_half_open, later.state)
    assert written == store.read_state("breaker", "deploy")


def test_a_shared_breaker_takes_over_an_exported_state(store: Store) -> None:
    """For all that share it; a damaged one changes nothing."""
    one, two = (SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_000)) for _ in range(2))
    one.force_open()
    document = one.export_state()
    one.reset()
    with pytest.raises(UsageError, match="a state is damaged"):
        two.import_state({"now": 1})
    assert "closed" == one.state
    two.import_state(document)
    assert "forced_open" == one.state


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


def damage(store: Store, path: Path, document: Any) -> None:
    with sqlite3.connect(path / "store" / "inbox.sqlite") as inbox:
        inbox.execute("UPDATE states SET document = ?", (document,))
    inbox.close()


CIRCUIT = {
    "state": "forced_open", "generation": 1, "changed_at": 1, "open_until": 1, "last_failure_at": None, "trials": 0,
    "consecutive_failures": 0, "last_probe": 0, "succeeded": 0, "failed": 0, "probes": {}, "window": [],
    "counters": dict.fromkeys(("successes", "failures", "ignored", "rejected", "opened", "closed", "stale"), 0),
}  # fmt: skip
DAMAGED = [
    "{}", '{"now": 1, "circuit": {"state": "closed"}}', '{"now": "x", "circuit": 3}', "rubbish", "[]", "null", "", 3,
    b"\xff", "[" * 100_000,
    *(json.dumps({"now": 1, "circuit": CIRCUIT | change}) for change in (
        {"probes": []}, {"probes": None}, {"open_until": "a"}, {"state": "banana"}, {"counters": []}, {"window": None},
        {"generation": None}, {"open_until": float("nan")}, {"last_failure_at": "a"}, {"window": [{}]},
    )),
]  # fmt: skip


@pytest.mark.parametrize("document", DAMAGED)
def test_a_damaged_state_stops_nobody(
    store: Store, tmp_path: Path, document: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The circuit starts anew, whatever is asked of it first, and that is logged once."""
    breaker = SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_000))
    trip(breaker, 5)
    damage(store, tmp_path, document)
    other = SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_000))
    assert ("closed", 0, 0) == (other.state, other.time_left, other.status().failure_count)
    assert "" == other.call(str)
    assert (1, "closed") == (other.status().success_count, breaker.state)
    assert 1 == sum("errclass.shared_state_lost" in record.message for record in caplog.records)


def test_a_whole_state_is_no_damaged_one(store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The one that the damaged ones above were made of."""
    breaker = SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_000))
    trip(breaker)
    damage(store, tmp_path, json.dumps({"now": 1, "circuit": CIRCUIT}))
    assert ("forced_open", []) == (breaker.state, caplog.records)


@pytest.mark.parametrize("document", DAMAGED)
def test_a_damaged_state_is_reset(store: Store, tmp_path: Path, document: Any) -> None:
    """For all."""
    one, two = (SharedCircuitBreaker(store, "deploy", clock=FakeClock(1_000)) for _ in range(2))
    trip(one, 5)
    damage(store, tmp_path, document)
    one.reset()
    trip(one)
    assert (1, "closed") == (two.status().failure_count, two.state)


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
