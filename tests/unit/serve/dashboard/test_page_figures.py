"""What pages show of a made-up history, counted anew in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.random_history import Truth, draw_history, write_history
from support.recent_history import end_now

from errclass.outcomes import Store
from errclass.serve.dashboard.pages.components import read_components
from errclass.serve.dashboard.pages.escalations import read_escalations
from errclass.serve.dashboard.pages.live import MOST, read_newest
from errclass.serve.dashboard.pages.performance import read_performance
from errclass.serve.dashboard.pages.recoveries import read_recoveries
from errclass.serve.dashboard.question import Question

EVER = Question("60d")
COMPONENT, ENVIRONMENT = 2, 0


@pytest.fixture(scope="module")
def truth() -> Truth:
    """Return a history that ends now."""
    return end_now(draw_history(11, 200))


@pytest.fixture(scope="module")
def service(truth: Truth, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what pages ask of a service: its store."""
    return SimpleNamespace(store=write_history(truth, Store(tmp_path_factory.mktemp("figures") / "store")))


def list_calls(truth: Truth) -> list[tuple[bool, tuple[str | None, ...]]]:
    """Return all calls: what failed and was not cancelled, what was run again, and what else was called."""
    failed = [(False, fault.place) for fault in truth.faults if not fault.cancelled]
    again = [(call.success, call.place) for fault in truth.faults for call in fault.reruns]
    return failed + again + [(call.success, call.place) for call in truth.calls]


@pytest.mark.parametrize(("dimension", "place"), [("component", COMPONENT), ("environment", ENVIRONMENT)])
def test_components_succeed_as_often_as_their_calls(service: Any, truth: Truth, dimension: str, place: int) -> None:
    """With those that have no name."""
    calls, successes = Counter[Any](), Counter[Any]()
    for success, where in list_calls(truth):
        calls[where[place]] += 1
        successes[where[place]] += success
    rows = read_components(service, EVER)["groups"][dimension]
    assert {name: (count, pytest.approx(successes[name] / count)) for name, count in calls.items()} == {
        row["value"]: (row["calls"], row["success_rate"]) for row in rows
    }


def test_performance_counts_every_call_once(service: Any, truth: Truth) -> None:
    """In all and over time."""
    found, calls = read_performance(service, EVER), list_calls(truth)
    successes = sum(success for success, _ in calls)
    assert (len(calls), pytest.approx(successes / len(calls))) == (found["all"]["calls"], found["all"]["success_rate"])
    assert len(calls) == sum(found["calls"])
    weighted = sum(count * rate for count, rate in zip(found["calls"], found["rates"], strict=True) if rate is not None)
    assert pytest.approx(successes) == weighted
    assert [count == 0 for count in found["calls"]] == [rate is None for rate in found["rates"]]


def test_recoveries_are_judged_by_the_calls_after_them(service: Any, truth: Truth) -> None:
    """And by how their own runs ended."""
    runs = Counter(name for fault in truth.faults for kind, name, _, _ in fault.actions if kind == "recover")
    tries, successes = Counter[Any](), Counter[Any]()
    for fault in truth.faults:
        for call in fault.reruns:
            tries[call.recovery] += 1
            successes[call.recovery] += call.success
    found = read_recoveries(service, EVER)
    assert {name: (runs[name], tries[name], successes[name]) for name in runs} == {
        one["recovery"]: (one["runs"], one["tries"], one["successes"]) for one in found["recipes"]
    }
    assert all(one["low"] <= one["rate"] <= one["high"] for one in found["recipes"])
    assert tries[None] == sum(row["retries"] for row in found["reruns"])
    assert sum(runs.values()) == sum(row["runs"] for row in found["types"])


def test_escalations_are_counted_by_what_and_where(service: Any, truth: Truth) -> None:
    """In all, by how they ended, and over time; filters choose."""
    done = [(fault, result) for fault in truth.faults for kind, _, result, _ in fault.actions if kind == "escalate"]
    ends = Counter(result for _, result in done)
    found = read_escalations(service, EVER)
    counted = [found["all"][name] for name in ("escalations", "arrived", "failed", "skipped")]
    assert [len(done), ends["success"] + ends["partial"], ends["failed"], ends["skipped"]] == counted
    assert len(done) == sum(found["counts"])
    assert Counter(fault.type or "undecided" for fault, _ in done) == found["groups"]["type"]
    only = read_escalations(service, Question("60d", (("environment", "staging"),)))
    assert sum(fault.place[ENVIRONMENT] == "staging" for fault, _ in done) == only["all"]["escalations"]


def test_live_shows_the_newest(service: Any, truth: Truth) -> None:
    """Newest first, without cancelled ones; a window before them shows none."""
    newest = sorted((fault for fault in truth.faults if not fault.cancelled), key=lambda one: (one.time, one.id))
    rows = read_newest(service, EVER)
    assert [fault.id for fault in reversed(newest)][:MOST] == [row["failure_id"] for row in rows]
    assert [] == read_newest(service, Question("60d", (("type", "none of these"),)))


READERS: list[Callable[..., Any]] = [read_components, read_escalations, read_newest, read_performance, read_recoveries]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_store_that_is_not_there_is_read_as_an_empty_one(read: Callable[..., Any], tmp_path: Path) -> None:
    """And is not made by looking."""
    read(SimpleNamespace(store=Store(tmp_path / "none")), EVER)
    assert not (tmp_path / "none").exists()
