"""Every figure of the report of waste, added up again from what really happened."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.happenings import decide
from support.random_history import END, START

from errclass.core.happenings import Attempt
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store, read_mart
from errclass.reports import Price, make_report, render_report
from errclass.reports.figures.numbers import list_numbers
from errclass.reports.waste.reading import MOST_CAUSES

WINDOW = 14
TYPES = ("network", "dependency", "test", None)
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"environment": "production"},
    {"type": "network"},
    {"severity": "high", "operation": "deploy"},
    {"environment": "nowhere"},
)


@dataclass
class Call:
    """One call, with its cause where it has any."""

    time: datetime
    success: bool
    seconds: float | None
    retry: bool
    recovery: str | None = None


@dataclass
class Run:
    """Calls of one operation, the first of which failed."""

    name: str
    type: str | None
    severity: str | None
    cause: str
    environment: str
    operation: str
    cancelled: bool
    calls: list[Call] = field(default_factory=list)


def draw_runs(seed: int, runs: int = 250) -> list[Run]:
    chance = random.Random(seed)
    return [draw_run(chance, number) for number in range(runs)]


def draw_run(chance: random.Random, number: int) -> Run:
    kind = chance.choice(TYPES)
    run = Run(
        f"r{number:03}",
        kind,
        chance.choice(("low", "high")) if kind else None,
        f"{chance.randrange(30):016x}",
        chance.choice(("production", "staging")),
        chance.choice(("deploy", "build")),
        chance.random() < 0.1,
    )
    time = START + timedelta(seconds=chance.randrange(40 * 86_400))
    run.calls.append(Call(time, False, chance.choice((None, chance.randrange(1, 3000) / 10)), False))
    while not run.calls[-1].success and chance.random() < 0.7 and not run.cancelled:
        time += timedelta(seconds=chance.randrange(301, 5000))
        seconds = chance.choice((None, chance.randrange(1, 3000) / 10, 60.0))
        recovery = chance.choice((None, None, "clean"))
        run.calls.append(Call(time, chance.random() < 0.5, seconds, True, recovery))
    return run


def write(store: Store, run: Run) -> None:
    """Record the first call as a failure with the same id, the others as what it made necessary."""
    context = Context(environment=run.environment, operation=run.operation, cancelled=run.cancelled)
    decision = decide(run.type, severity=run.severity) if run.type else None
    text = f"error {run.cause}"
    store.record(
        Outcome(run.name, text, time=run.calls[0].time, fingerprint=run.cause, context=context, decision=decision)
    )
    for number, call in enumerate(run.calls):
        started = None if call.seconds is None else call.time - timedelta(seconds=call.seconds)
        store.record_attempt(
            Attempt(
                f"{run.name}:{number}" if number else run.name,
                call.success,
                context,
                failure_id=run.name if number else None,
                unchanged=call.recovery is None,
                recovery=call.recovery,
                started=started,
                ended=call.time,
            )
        )


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return draw_runs(7)


@pytest.fixture(scope="module")
def timed(runs: list[Run], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("timed") / "store") as store:
        for run in runs:
            write(store, run)
        store.merge()
        yield store


def fits(run: Run, filters: dict[str, str]) -> bool:
    return not run.cancelled and all(getattr(run, name) == value for name, value in filters.items())


def expect(runs: Iterable[Run], filters: dict[str, str]) -> list[tuple[Run, Call]]:
    since = END - timedelta(days=WINDOW)
    return [(run, call) for run in runs if fits(run, filters) for call in run.calls if since <= call.time < END]


def add_up(calls: Iterable[Call], wanted: Callable[[Call], bool]) -> tuple[int, float | None]:
    found = [call for call in calls if wanted(call)]
    known = [call.seconds for call in found if call.seconds is not None]
    return len(found), None if found and not known else pytest.approx(sum(known), abs=2e-3)


def check(losses: Any, calls: list[Call]) -> None:
    for told, wanted in (
        (losses.failed, lambda call: not call.success),
        (losses.in_vain, lambda call: not call.success and call.retry),
        (losses.helpful_retries, lambda call: call.success and call.recovery is None),
        (losses.helpful_recoveries, lambda call: call.success and call.recovery is not None),
    ):
        assert add_up(calls, wanted) == (told.calls, told.seconds)
    assert sum(call.seconds is None for call in calls) == losses.untimed_calls


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_time_lost_and_saved(timed: Store, runs: list[Run], filters: dict[str, str]) -> None:
    """In all, by type and by cause, with any filters."""
    report = make_report(timed, "waste", window=f"{WINDOW}d", filters=filters, now=END)
    data, expected = report.body.data, expect(runs, filters)
    check(data.total, [call for _, call in expected])
    by_type, by_cause = defaultdict[str, list[Call]](list), defaultdict[str, list[Call]](list)
    for run, call in expected:
        by_type[run.type or "undecided"].append(call)
        by_cause[run.cause].append(call)
    assert set(by_type) == {one.type for one in data.by_type}
    for one in data.by_type:
        check(one.losses, by_type[one.type])
    for one in data.by_cause:
        check(one.losses, by_cause[one.fingerprint])
        assert f"error {one.fingerprint}" == one.message
    lost = sorted((sum(c.seconds or 0 for c in calls if not c.success) for calls in by_cause.values()), reverse=True)
    assert pytest.approx(lost[:MOST_CAUSES], abs=1e-3) == [one.losses.failed.seconds or 0 for one in data.by_cause]
    assert report.body.record_count == sum(not call.success for _, call in expected)


def test_what_is_told_is_what_the_mart_tells(timed: Store) -> None:
    """Over whole days."""
    total = make_report(timed, "waste", window=f"{WINDOW}d", now=END).body.data.total
    days = [row for row in read_mart(timed, "waste") if row["day"] >= (END - timedelta(days=WINDOW)).date()]
    assert sum(row["failed_calls"] for row in days) == total.failed.calls
    assert pytest.approx(sum(row["failed_retry_seconds"] for row in days), abs=1e-3) == total.in_vain.seconds
    assert pytest.approx(sum(row["saving_retry_seconds"] for row in days), abs=1e-3) == total.saved_seconds
    assert sum(row["untimed_calls"] for row in days) == total.untimed_calls


def test_money_only_at_a_price(timed: Store) -> None:
    """None is made up; what there is follows from the seconds."""
    silent = make_report(timed, "waste", window="14d", now=END)
    assert silent.body.data.money is None
    assert not any("EUR" in figure.label for figure in silent.sections[0].figures)
    assert "reporting.cost_per_minute is not set" in render_report(silent, "md")
    told = make_report(timed, "waste", window="14d", now=END, price=Price(0.5, "EUR")).body.data
    assert round(told.total.failed.seconds / 120, 2) == told.money.lost
    assert round(told.total.in_vain.seconds / 120, 2) == told.money.in_vain
    assert round(told.total.saved_seconds / 120, 2) == told.money.saved


def test_calls_without_a_start_take_no_time(store: Store) -> None:
    """It is not known, which is not 0; and this is said."""
    store.record(Outcome("a", "boom", time=END, fingerprint="a" * 16))
    report = make_report(store, "waste", now=END + timedelta(hours=1))
    total = report.body.data.total
    assert (1, None, 0.0, 1) == (
        total.failed.calls,
        total.failed.seconds,
        total.saved_seconds,
        total.untimed_calls,
    )
    assert any("1 of 1 calls do not say when they started" in note for note in report.sections[0].notes)
    assert [] == [chart for section in report.sections for chart in section.charts]


def test_the_chart_shows_parts_that_add_up(timed: Store) -> None:
    """Lost is split into first calls and re-runs, none counted twice."""
    report = make_report(timed, "waste", window="14d", now=END)
    (chart,) = report.sections[1].charts
    numbers = list_numbers(chart.draw(), "x")
    assert numbers is not None
    losses = {one.type: one.losses for one in report.body.data.by_type}
    for name, first, again, saved in numbers.rows:
        assert pytest.approx((losses[name].failed.seconds or 0) / 60, abs=1e-2) == first + again
        assert pytest.approx((losses[name].saved_seconds or 0) / 60, abs=1e-2) == saved
