"""A circuit breaker around calls: what opens it, what closes it, and what threads and tasks may do to it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from errclass.actions.breaker import (
    BreakerChanged,
    BreakerEvent,
    BreakerOptions,
    BreakerRefused,
    CircuitBreaker,
    CircuitBreakers,
    Consecutive,
    FailuresInWindow,
    HalfOpen,
    RateByCount,
    SlowCalls,
)
from errclass.core.errors import CircuitOpenError, UsageError
from errclass.testing.clock import FakeClock


def fail() -> None:
    raise ConnectionError("refused")


def succeed() -> str:
    return "ok"


@pytest.fixture
def clock() -> FakeClock:
    """A clock that is put forward by hand."""
    return FakeClock(1_000)


def trip(breaker: CircuitBreaker, times: int = 5) -> None:
    for _ in range(times):
        with pytest.raises(ConnectionError):
            breaker.call(fail)


def test_five_failures_open_it_and_a_success_after_a_minute_closes_it(clock: FakeClock) -> None:
    """A refused call says when to come back, and is not made."""
    breaker = CircuitBreaker("deploy", clock=clock)
    trip(breaker)
    clock.sleep(15)
    with pytest.raises(CircuitOpenError, match="'deploy' refuses calls for 45 s") as caught:
        breaker.call(succeed)
    assert 45 == caught.value.retry_after
    clock.sleep(45)
    assert "ok" == breaker.call(succeed)
    assert "closed" == breaker.state


def test_a_rejection_is_no_failure(clock: FakeClock) -> None:
    """The seed counted its own refusals and so never closed."""
    breaker = CircuitBreaker(clock=clock)
    trip(breaker)
    for _ in range(100):
        with pytest.raises(CircuitOpenError):
            breaker.call(succeed)
    assert (5, 100, 60.0) == (
        breaker.status().failure_count, breaker.status().rejected_count, breaker.status().time_until_half_open,
    )  # fmt: skip


def test_a_cancelled_call_counts_as_nothing(clock: FakeClock) -> None:
    """Ctrl-C and cancelled tasks say nothing of the other side; a probe gives its permit back."""
    breaker = CircuitBreaker(clock=clock)

    def interrupt() -> None:
        raise KeyboardInterrupt

    for _ in range(10):
        with pytest.raises(KeyboardInterrupt):
            breaker.call(interrupt)
    assert (0, "closed") == (breaker.status().failure_count, breaker.state)
    trip(breaker)
    clock.sleep(60)
    with pytest.raises(KeyboardInterrupt):
        breaker.call(interrupt)
    assert "ok" == breaker.call(succeed)


def test_a_result_from_before_the_circuit_opened_counts_for_nothing(clock: FakeClock) -> None:
    """It neither closes the circuit nor decides a trial."""
    breaker = CircuitBreaker(clock=clock)
    slow = breaker.acquire()
    trip(breaker)
    breaker.report(slow, "success")
    clock.sleep(60)
    probe = breaker.acquire()
    breaker.report(slow, "failure")
    assert ("half_open", 2) == (breaker.state, breaker.status().stale_count)
    breaker.report(probe, "success")
    assert "closed" == breaker.state


def test_a_lost_probe_gives_its_permit_back(clock: FakeClock) -> None:
    """After its time-out another one is let through, and the late result decides nothing."""
    breaker = CircuitBreaker(options=BreakerOptions(half_open=HalfOpen(timeout=30)), clock=clock)
    trip(breaker)
    clock.sleep(60)
    lost = breaker.acquire()
    clock.sleep(29)
    with pytest.raises(CircuitOpenError):
        breaker.acquire()
    clock.sleep(1)
    second = breaker.acquire()
    breaker.report(lost, "failure")
    assert "half_open" == breaker.state
    breaker.report(second, "success")
    assert "closed" == breaker.state


def test_a_lost_probe_keeps_no_breaker_half_open(clock: FakeClock) -> None:
    """Also where nobody chose a time-out: it is given up after the open time."""
    breaker = CircuitBreaker(clock=clock)
    trip(breaker)
    clock.sleep(60)
    breaker.acquire()
    clock.sleep(59)
    with pytest.raises(CircuitOpenError, match="just now, while another call tries whether it works again"):
        breaker.call(succeed)
    clock.sleep(1)
    assert ("ok", "closed") == (breaker.call(succeed), breaker.state)


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        (BreakerOptions(), 60),
        (BreakerOptions(open_for=0), 1),
        (BreakerOptions(half_open=HalfOpen(timeout=5)), 5),
        (BreakerOptions(half_open=HalfOpen(timeout=float("inf"))), float("inf")),
    ],
)
def test_a_probe_is_given_up_after_the_open_time_unless_it_is_said_otherwise(
    options: BreakerOptions, seconds: float
) -> None:
    """No sooner than after a second."""
    assert seconds == options.probe_timeout


def test_a_half_open_circuit_that_nothing_decided_takes_another_call(clock: FakeClock) -> None:
    """Two successes are asked for, but only one call was to be let through."""
    options = BreakerOptions(Consecutive(1), half_open=HalfOpen(permits=1, counted="total", successes=2))
    breaker = CircuitBreaker(options=options, clock=clock)
    trip(breaker, 1)
    clock.sleep(60)
    assert ["ok", "ok"] == [breaker.call(succeed) for _ in range(2)]
    assert "closed" == breaker.state


def test_a_judge_that_raises_loses_nothing(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """The user's own error is raised, the probe reports, and the fault of the judge is logged."""

    def judge(error: BaseException) -> Any:
        raise KeyError("judge")

    breaker = CircuitBreaker("x", BreakerOptions(Consecutive(1)), judge=judge, clock=clock)
    trip(breaker, 1)
    assert "open" == breaker.state
    clock.sleep(60)
    trip(breaker, 1)
    assert ("open", 0, 2) == (breaker.state, breaker.status().half_open_calls, breaker.status().failure_count)
    with pytest.raises(CircuitOpenError, match="for 60 s"), breaker.guarding():
        pass
    assert ["errclass.inner_fault"] * 2 == [record.message for record in caplog.records]


@pytest.mark.parametrize("outcome", [True, None, "failed", 1, [], ["failure"], object()])
def test_an_outcome_that_is_none_counts_as_a_failure(
    outcome: Any, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Never as nothing, which would leave a breaker shut for ever; it is logged once."""
    breaker = CircuitBreaker("x", judge=lambda error: outcome, clock=clock)
    trip(breaker, 4)
    breaker.report(breaker.acquire(), outcome)
    assert ("open", 5) == (breaker.state, breaker.status().failure_count)
    (record,) = caplog.records
    assert "errclass.unknown_outcome: the breaker of x: " in record.message


@pytest.mark.parametrize("told", ["nothing", "an error"])
def test_a_judge_that_is_wrong_makes_no_failure_of_a_cancelled_call(told: str, clock: FakeClock) -> None:
    """Ctrl-C says nothing of the other side."""

    def judge(error: BaseException) -> Any:
        if told == "an error":
            raise KeyError("judge")

    breaker = CircuitBreaker("x", judge=judge, clock=clock)
    with pytest.raises(KeyboardInterrupt), breaker.guarding():
        raise KeyboardInterrupt
    assert 0 == breaker.status().failure_count


def test_the_open_time_grows_while_trials_fail_and_no_longer_than_it_may(clock: FakeClock) -> None:
    """Also after thousands of trials, where a power would overflow."""
    options = BreakerOptions(open_for=10, growth=2, open_at_most=60)
    breaker = CircuitBreaker(options=options, clock=clock)
    trip(breaker)
    waits = []
    for _ in range(2_000):
        waits.append(breaker.status().time_until_half_open)
        clock.sleep(waits[-1])
        trip(breaker, 1)
    assert [10, 20, 40, 60, 60] == waits[:5]
    assert {60} == set(waits[3:])


def test_slow_calls_open_it(clock: FakeClock) -> None:
    """A rate of calls that took longer than they may."""
    options = BreakerOptions(RateByCount(0.5, calls=4, min_calls=4), slow=SlowCalls(rate=0.5, over=2))
    breaker = CircuitBreaker(options=options, clock=clock)
    for seconds in (1, 3, 2):
        breaker.call(lambda seconds=seconds: clock.sleep(seconds))
    assert "closed" == breaker.state
    breaker.call(lambda: clock.sleep(2.5))
    assert "open" == breaker.state


def test_listeners_hear_of_every_change(clock: FakeClock) -> None:
    """In order, with the refused calls between them."""
    heard: list[BreakerEvent] = []
    breaker = CircuitBreaker("x", BreakerOptions(Consecutive(2)), clock=clock, listeners=(heard.append,))
    trip(breaker, 2)
    with pytest.raises(CircuitOpenError):
        breaker.call(succeed)
    clock.sleep(60)
    breaker.call(succeed)
    assert [
        BreakerChanged("x", "closed", "open", 2),
        BreakerRefused("x", 60.0),
        BreakerChanged("x", "open", "half_open", 2),
        BreakerChanged("x", "half_open", "closed", 2),
    ] == heard


def test_it_is_put_into_states_by_hand(clock: FakeClock) -> None:
    """Forced open stays open; disabled counts nothing; reset starts anew."""
    breaker = CircuitBreaker(clock=clock)
    breaker.force_open()
    clock.sleep(10**6)
    with pytest.raises(CircuitOpenError, match="until somebody closes it"):
        breaker.call(succeed)
    breaker.disable()
    trip(breaker, 20)
    assert ("disabled", 0) == (breaker.state, breaker.status().failure_count)
    breaker.force_close()
    trip(breaker)
    assert "open" == breaker.state
    breaker.reset()
    assert ("closed", 0, "ok") == (breaker.state, breaker.status().failure_count, breaker.call(succeed))


@pytest.mark.parametrize("trip_kind", [FailuresInWindow(3, 300), Consecutive(3), RateByCount(0.5, 10, 3)])
def test_its_state_moves_to_another_process(trip_kind: Any, clock: FakeClock) -> None:
    """With another clock: what is left of the open time stays left, and failures keep their age."""
    first = CircuitBreaker(options=BreakerOptions(trip_kind), clock=clock)
    trip(first, 2)
    clock.sleep(100)
    other = FakeClock(5)
    second = CircuitBreaker(options=BreakerOptions(trip_kind), clock=other)
    second.import_state(first.export_state())
    trip(second, 1)
    assert "open" == second.state
    other.sleep(20)
    third = CircuitBreaker(options=BreakerOptions(trip_kind), clock=FakeClock(7_777))
    third.import_state(second.export_state())
    assert ("open", 40) == (third.state, third.status().time_until_half_open)


def test_looking_changes_nothing(clock: FakeClock) -> None:
    """And says how long to wait, whatever the state."""
    breaker = CircuitBreaker(clock=clock)
    left = [breaker.time_left]
    trip(breaker)
    left.append(breaker.time_left)
    clock.sleep(45)
    left.append(breaker.time_left)
    clock.sleep(45)
    left.append(breaker.time_left)
    assert ([0, 60, 15, 0], "open") == (left, breaker.state)
    breaker.force_open()
    assert float("inf") == breaker.time_left


def test_operations_have_circuits_of_their_own(clock: FakeClock) -> None:
    """What names none has one too; the sums are over all."""
    breakers = CircuitBreakers(clock=clock, special={"database": BreakerOptions(Consecutive(1))})
    trip(breakers.of("database"), 1)
    breakers.of(None).call(succeed)
    states = {name: status.state for name, status in breakers.statuses().items()}
    sums = breakers.statistics()
    assert {"database": "open", "default": "closed"} == states
    assert (2, 1, 1, 0.5, {"open": 1, "closed": 1}) == (
        sums.total_calls, sums.total_failures, sums.circuits_opened, sums.failure_rate, sums.circuits_by_state,
    )  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        lambda: BreakerOptions(FailuresInWindow(0)),
        lambda: BreakerOptions(RateByCount(1.5)),
        lambda: BreakerOptions(open_for=-1),
        lambda: BreakerOptions(open_for=float("inf")),
        lambda: BreakerOptions(open_for=float("nan")),
        lambda: BreakerOptions(open_at_most=float("inf")),
        lambda: BreakerOptions(growth=0.5),
        lambda: BreakerOptions(growth=1e6),
        lambda: BreakerOptions(half_open=HalfOpen(timeout=0)),
        lambda: BreakerOptions(half_open=HalfOpen(permits=0)),
        lambda: BreakerOptions(slow=SlowCalls(0.5, 1)),
    ],
)
def test_options_that_make_no_sense_are_refused(make: Callable[[], object]) -> None:
    """With the rule that they break."""
    with pytest.raises(UsageError, match="circuit breaker: "):
        make()


def test_eight_threads_at_a_half_open_circuit_make_one_probe(clock: FakeClock) -> None:
    """And the seven others are refused, not kept waiting."""
    breaker = CircuitBreaker(clock=clock)
    trip(breaker)
    clock.sleep(60)
    start, inside, release = threading.Barrier(8), threading.Semaphore(0), threading.Event()
    results: list[str] = []

    def probe() -> None:
        inside.release()
        release.wait(10)

    def ask() -> None:
        start.wait()
        try:
            breaker.call(probe)
            results.append("through")
        except CircuitOpenError:
            results.append("refused")
            if results.count("refused") == 7:
                release.set()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert ["refused"] * 7 + ["through"] == sorted(results)
    assert (1, "closed") == (inside._value, breaker.state)


def test_fifty_tasks_at_a_half_open_circuit_make_one_probe(clock: FakeClock) -> None:
    """Likewise."""
    breaker = CircuitBreaker(clock=clock)
    trip(breaker)
    clock.sleep(60)
    probes = []

    async def probe() -> None:
        probes.append(1)
        await asyncio.sleep(0)

    async def ask_all() -> list[Any]:
        return await asyncio.gather(*(breaker.acall(probe) for _ in range(50)), return_exceptions=True)

    results = asyncio.run(ask_all())
    assert (1, 49) == (len(probes), sum(isinstance(result, CircuitOpenError) for result in results))


def test_no_lock_is_held_during_a_call(clock: FakeClock) -> None:
    """Eight calls that wait for each other end: each needs all others to be inside at the same time."""
    breaker, meeting = CircuitBreaker(clock=clock), threading.Barrier(8)
    threads = [threading.Thread(target=breaker.call, args=(lambda: meeting.wait(10),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert 8 == breaker.status().success_count


def test_it_decorates_functions_and_coroutines_and_guards_blocks(clock: FakeClock) -> None:
    """Names and results stay; errors count."""
    breaker = CircuitBreaker(clock=clock)

    @breaker
    def add(one: int, two: int) -> int:
        return one + two

    @breaker
    async def add_later(one: int, two: int) -> int:
        return one + two

    with breaker.guarding():
        pass
    with pytest.raises(ConnectionError), breaker.guarding():
        fail()
    assert ("add", 3, 3) == (add.__name__, add(1, 2), asyncio.run(add_later(1, two=2)))
    assert (3, 1) == (breaker.status().success_count, breaker.status().failure_count)
