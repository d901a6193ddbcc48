"""States that come from elsewhere are taken over whole or not at all."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.actions.breaker import (
    BreakerOptions,
    CircuitBreaker,
    CircuitBreakers,
    Consecutive,
    FailuresInWindow,
    FailuresOfLast,
    HalfOpen,
    RateByCount,
    RateByTime,
)
from errclass.core.errors import CircuitOpenError, UsageError
from errclass.testing.clock import FakeClock

OPTIONS = BreakerOptions(Consecutive(2))
TRIPS: list[Any] = [FailuresInWindow(), Consecutive(), FailuresOfLast(9, 9), RateByCount(1.0, 9, 9), RateByTime(1.0, 99, 9)]  # fmt: skip


def make_breaker(*, opened: bool = False) -> CircuitBreaker:
    breaker = CircuitBreaker("x", OPTIONS, clock=FakeClock(100))
    for _ in range(2 if opened else 0):
        breaker.report(breaker.acquire(), "failure")
    return breaker


def change(document: dict[str, Any], path: str, value: Any) -> Any:
    *parents, name = path.split(".")
    place = document
    for parent in parents:
        place = place[parent]
    place[name] = value
    return document


def remove(document: dict[str, Any], path: str) -> Any:
    change(document, path, None)
    *parents, name = path.split(".")
    place = document
    for parent in parents:
        place = place[parent]
    del place[name]
    return document


DAMAGES: list[Callable[[dict[str, Any]], Any]] = [
    lambda document: None,
    lambda document: [],
    lambda document: {},
    lambda document: "state",
    *(
        lambda document, path=path: remove(document, path)
        for path in ("now", "circuit", "circuit.state", "circuit.open_until", "circuit.probes", "circuit.counters",
                     "circuit.counters.failures", "circuit.window", "circuit.last_failure_at", "circuit.generation")
    ),
    *(
        lambda document, path=path, value=value: change(document, path, value)
        for path, values in {
            "now": ("now", None, float("nan"), True),
            "circuit": (None, [], "open"),
            "circuit.state": ("banana", None, 3, []),
            "circuit.open_until": ("a", None, float("inf"), float("nan"), 10**400, [1]),
            "circuit.changed_at": ("a", None),
            "circuit.last_failure_at": ("a", {}, float("-inf")),
            "circuit.generation": ("a", -1, 1.5, None, True, 10**400),
            "circuit.consecutive_failures": (None, "2"),
            "circuit.probes": ([], None, 3, {"a": 1}, {"1": "a"}, {"1": None}, {"-1": 1}, {"9" * 5_000: 1}),
            "circuit.counters": (None, [], {}, 3),
            "circuit.counters.failures": ("a", -1, None),
            "circuit.window": (None, {}, "a", [], ["a"], [-1], [1, 2], [None], [[1, 2, 3, 4]]),
        }.items()
        for value in values
    ),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_state_is_refused_and_changes_nothing(damage: Callable[[dict[str, Any]], Any]) -> None:
    """Not half of it: what was open stays open, and gives no permit."""
    document = make_breaker().export_state()
    for breaker in (make_breaker(), make_breaker(opened=True)):
        before = breaker.export_state()
        with pytest.raises(UsageError, match=r"a .*state is damaged"):
            breaker.import_state(damage(json.loads(json.dumps(document))))
        assert before == breaker.export_state()
    assert breaker.closed_permit is None


def test_an_imported_state_decides_at_once_who_is_let_through() -> None:
    """A permit of before is no way around it."""
    breaker, opened = make_breaker(), make_breaker(opened=True)
    before = breaker.acquire()
    breaker.import_state(opened.export_state())
    with pytest.raises(CircuitOpenError):
        breaker.acquire()
    breaker.report(before, "success")
    assert ("open", 1) == (breaker.state, breaker.status().stale_count)


@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: type(trip).__name__)
@given(outcomes=st.lists(st.sampled_from(["success", "failure", "ignored", "lost"]), max_size=20))
def test_a_state_that_was_taken_over_is_the_same_one(trip: Any, outcomes: list[Any]) -> None:
    """Written as text and read again, whatever the calls were; a half-open one too."""
    clock = FakeClock(1_000)
    options = BreakerOptions(trip, open_for=2, half_open=HalfOpen(2, "total", "rate"))
    first, second = (CircuitBreaker("x", options, clock=clock) for _ in range(2))
    for outcome in outcomes:
        clock.sleep(1)
        with contextlib.suppress(CircuitOpenError):
            permit = first.acquire()
            if outcome != "lost":
                first.report(permit, outcome)
    second.import_state(json.loads(json.dumps(first.export_state())))
    wanted, found = first.export_state()["circuit"], second.export_state()["circuit"]
    assert wanted | {"generation": 0, "probes": {}} == found | {"generation": 0}


def test_states_of_many_are_taken_over_all_or_none() -> None:
    """A damaged one is found before any is changed."""
    document = {"one": make_breaker(opened=True).export_state(), "two": {"now": 1}}
    breakers = CircuitBreakers(OPTIONS)
    with pytest.raises(UsageError, match="it lacks circuit"):
        breakers.import_state(document)
    assert {} == breakers.statuses()
    with pytest.raises(UsageError, match="a mapping by operation"):
        breakers.import_state([])  # type: ignore[arg-type] # as a wrong file would give
    breakers.import_state({"one": document["one"]})
    assert "open" == breakers.of("one").state
