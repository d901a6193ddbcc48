"""What each rule finds in a history whose truth is known."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.happenings import Scene, at, decide
from support.random_history import DAYS, END, START, Call, Truth

from errclass.core.errors import UsageError
from errclass.core.frozen import FrozenDict
from errclass.core.happenings import Action, Attempt
from errclass.core.types import Context, Outcome
from errclass.outcomes import Event, Store, attempt_events, open_figures
from errclass.outcomes.events import action_event
from errclass.reports.alerts import KINDS, AlertBook, Finding, advance, find_queries, find_start, make_rule, measure

DAY = 24 * 60


class Planted(Scene):
    """A scene that writes all at once, each thing in ``place`` beside where it says."""

    def __init__(self, store: Store, place: Mapping[str, str] = FrozenDict()) -> None:
        super().__init__(store)
        self._place = place
        self._outcomes: list[Outcome] = []
        self._events: list[Event] = []

    def fail(self, name: str, minutes: float, kind: str | None = None, **fields: Any) -> None:
        outcome = {key: fields.pop(key) for key in ("decision",) if key in fields}
        context = Context(**{"operation": "deploy", **fields, **self._place})
        self._outcomes.append(Outcome(name, "boom", time=at(minutes), context=context, **outcome))

    def call(self, name: str, minutes: float, success: bool, **fields: Any) -> None:
        context = Context(**{"operation": "deploy", **fields, **self._place})
        self._events += attempt_events(Attempt(name, success, context, ended=at(minutes)))

    def recover(self, name: str, minutes: float, result: Any, failure_id: str) -> None:
        self._events.append(action_event(Action(name, "recover", "clean", result, failure_id, ended=at(minutes))))

    def write(self) -> None:
        self.store.record_many(self._outcomes)
        self.store.add_events(self._events)


NOW = at(10 * DAY)
Plant = Callable[[Planted], None]


def look(store: Store, name: str, now: datetime = NOW, tripped: tuple[str, ...] = (), **given: Any) -> list[Finding]:
    rule = make_rule(name, **given)
    with open_figures(store, *find_queries({rule.kind.name})) as reader:
        return measure(reader, [rule], now, lambda _: tripped)


def call_often(scene: Planted, name: str, count: int, failures: int, minutes: float, **place: Any) -> None:
    """Write calls, a second apart, the last of which ended so many minutes before now."""
    end = 10 * DAY - minutes
    for number in range(count):
        scene.call(f"{name}{number}", end - (count - number) / 60, number >= failures, **place)


def fail_often(scene: Planted, name: str, count: int, minutes: float, **fields: Any) -> None:
    """Write failures, a second apart, likewise; of as many operations, so that no two are one outage."""
    for number in range(count):
        place = {"operation": f"op{number}"} | fields
        scene.fail(f"{name}{number}", 10 * DAY - minutes - (count - number) / 60, **place)


def usual_week(scene: Planted) -> None:
    """Write a week in which 2 of 100 calls fail every day."""
    for day in range(1, 8):
        call_often(scene, f"usual{day}-", 100, 2, day * DAY + 30)


def failing_calls(scene: Planted) -> None:
    usual_week(scene)
    call_often(scene, "bad", 40, 20, 5)


def few_failing_calls(scene: Planted) -> None:
    usual_week(scene)
    call_often(scene, "bad", 9, 9, 5)


def good_calls(scene: Planted) -> None:
    usual_week(scene)
    call_often(scene, "good", 100, 2, 5)


def outages(count: int, minutes: float) -> Plant:
    """Return what plants outages of one operation each, so long, 5 hours ago, and then a day of success."""

    def plant(scene: Planted) -> None:
        begin = 10 * DAY - 300
        for number in range(count):
            place = {"operation": f"op{number}"}
            scene.call(f"before{number}", begin - 1000, True, **place)
            scene.fail(f"down{number}", begin, **place)
            scene.call(f"up{number}", begin + minutes, True, **place)
            scene.call(f"after{number}", 10 * DAY - 1, True, **place)

    return plant


def recoveries(count: int, failed: int) -> Plant:
    def plant(scene: Planted) -> None:
        for number in range(count):
            scene.fail(f"f{number}", 10 * DAY - 100)
            result: Any = "failed" if number < failed else "success"
            scene.recover(f"r{number}", 10 * DAY - 90 + number / 60, result, f"f{number}")

    return plant


def failures(now: int, before: int, **fields: Any) -> Plant:
    """Return what plants failures in this hour, and in the same hour of each of the days before."""

    def plant(scene: Planted) -> None:
        fail_often(scene, "now", now, 5, **fields)
        for day in range(1, 9):
            fail_often(scene, f"day{day}-", before, day * DAY + 5)

    return plant


def critical(count: int, severity: str = "critical", minutes: float = 5, **fields: Any) -> Plant:
    def plant(scene: Planted) -> None:
        for number in range(count):
            scene.fail(f"c{number}", 10 * DAY - minutes, decision=decide("disk", severity=severity), **fields)

    return plant


FIRES: list[tuple[str, Plant]] = [
    ("high_failure_rate", failing_calls),
    ("low_success_rate", failing_calls),
    ("high_mttr", outages(3, 120)),
    ("low_availability", outages(3, 120)),
    ("degradation", failing_calls),
    ("failure_spike", failures(60, 10)),
    ("failure_spike", failures(30, 1)),
    ("recovery_failures", recoveries(8, 7)),
    ("critical_errors", critical(1)),
]
SILENT: list[tuple[str, Plant]] = [
    ("high_failure_rate", good_calls),
    ("high_failure_rate", few_failing_calls),
    ("low_success_rate", good_calls),
    ("low_success_rate", lambda scene: call_often(scene, "bad", 9, 8, 5)),
    ("high_mttr", outages(3, 20)),
    ("high_mttr", outages(2, 120)),
    ("low_availability", outages(3, 5)),
    ("low_availability", lambda scene: call_often(scene, "bad", 20, 20, 5)),
    ("degradation", good_calls),
    ("degradation", few_failing_calls),
    ("degradation", lambda scene: call_often(scene, "bad", 40, 30, 5)),
    ("failure_spike", failures(40, 30)),
    ("failure_spike", failures(19, 1)),
    ("failure_spike", lambda scene: fail_often(scene, "now", 60, 5)),
    ("recovery_failures", recoveries(8, 1)),
    ("recovery_failures", recoveries(2, 2)),
    ("critical_errors", critical(20, "high")),
    ("critical_errors", critical(1, minutes=61)),
    ("critical_errors", critical(1, cancelled=True)),
    ("critical_errors", critical(1, source="import")),
]


@pytest.mark.parametrize(("name", "plant"), FIRES)
def test_a_rule_finds_what_is_wrong(store: Store, name: str, plant: Plant) -> None:
    """In a planted history."""
    scene = Planted(store)
    plant(scene)
    scene.write()
    (finding,) = look(store, name)
    assert ("beyond", "") == (finding.verdict, finding.reason)
    assert finding.measurement.details


@pytest.mark.parametrize(("name", "plant"), SILENT)
def test_a_rule_is_silent_where_nothing_is_wrong_or_little_is_known(store: Store, name: str, plant: Plant) -> None:
    """Healthy, or too few cases, or nothing to compare with."""
    scene = Planted(store)
    plant(scene)
    scene.write()
    assert set() == {finding.verdict for finding in look(store, name)} - {"clear", "between", "unknown"}


@pytest.mark.parametrize("name", [name for name in KINDS if name != "breaker_trips"])
def test_an_empty_store_is_no_trouble(store: Store, name: str) -> None:
    """Nor one in which nothing was ever recorded."""
    assert set() == {finding.verdict for finding in look(store, name)} - {"clear"}


def test_breakers_are_counted_or_told_apart(store: Store) -> None:
    """As many as opened; hundreds are named in short."""
    (all_of_them,) = look(store, "breaker_trips", tripped=("deploy", "build"))
    assert (2, "beyond", ("build, deploy",)) == (
        all_of_them.measurement.value,
        all_of_them.verdict,
        all_of_them.measurement.details,
    )
    (many,) = look(store, "breaker_trips", tripped=tuple(f"op{number:03}" for number in range(300)))
    assert ("op000, op001, op002, op003, op004 and 295 more",) == many.measurement.details
    each = look(store, "breaker_trips", tripped=("deploy", "build"), by="operation", only=("deploy",))
    assert ["deploy"] == [one.measurement.place for one in each]
    assert [] == look(store, "breaker_trips")


def test_rates_of_a_store_that_knows_only_failures_say_nothing(store: Store) -> None:
    """Whoever records no success has no rate of 100 %; a success within the last week is enough."""
    scene = Planted(store)
    fail_often(scene, "f", 60, 5, operation="deploy")
    scene.write()
    for name in ("high_failure_rate", "low_success_rate"):
        (finding,) = look(store, name)
        assert ("unknown", True) == (finding.verdict, "no successful call" in finding.reason)
    scene.call("good", 10 * DAY - 5 * DAY, True)
    scene.write()
    for name in ("high_failure_rate", "low_success_rate"):
        assert ["beyond"] == [finding.verdict for finding in look(store, name)]


def test_a_run_counts_by_its_end(store: Store) -> None:
    """Failed calls that a retry made good are none of its failures; those of the calls they are."""
    scene = Planted(store)
    for number in range(40):
        place = {"operation_id": f"run{number}"}
        scene.call(f"a{number}", 10 * DAY - 30, False, **place)
        scene.call(f"b{number}", 10 * DAY - 20, number >= 2, attempt=2, **place)
    scene.write()
    (calls,), (runs,) = look(store, "high_failure_rate"), look(store, "low_success_rate")
    assert (42 / 80, 80, "beyond") == (calls.measurement.value, calls.measurement.cases, calls.verdict)
    assert (38 / 40, 40, "clear") == (runs.measurement.value, runs.measurement.cases, runs.verdict)


def test_cancelled_and_imported_calls_do_not_count(store: Store) -> None:
    """A person who stops a deployment is no failure of it."""
    scene = Planted(store)
    call_often(scene, "good", 20, 0, 5)
    fail_often(scene, "stopped", 30, 5, operation="deploy", cancelled=True)
    fail_often(scene, "old", 30, 5, operation="deploy", source="import")
    scene.write()
    (finding,) = look(store, "high_failure_rate")
    assert (0.0, 20) == (finding.measurement.value, finding.measurement.cases)


def test_places_are_measured_apart(store: Store) -> None:
    """Only those that are wanted; what has no name in the dimension is in none."""
    scene = Planted(store)
    call_often(scene, "p", 40, 20, 5, environment="production")
    call_often(scene, "s", 40, 0, 5, environment="staging")
    call_often(scene, "n", 40, 40, 5)
    scene.write()
    found = {one.measurement.place: one.verdict for one in look(store, "high_failure_rate", by="environment")}
    assert {"production": "beyond", "staging": "clear"} == found
    assert ["staging"] == [
        one.measurement.place for one in look(store, "high_failure_rate", by="environment", only=("staging",))
    ]


PLACED = [
    *((name, "environment") for name in KINDS if name != "breaker_trips"),
    *(("high_mttr", by) for by in ("component", "repository", "operation")),
    *(("critical_errors", by) for by in ("component", "repository", "operation")),
]


@pytest.mark.parametrize(("name", "by"), PLACED)
def test_every_rule_can_tell_places_apart(store: Store, name: str, by: str) -> None:
    """By each of what a place is known by; what it finds in one is what it finds where there is no other."""
    plant = next(plant for known, plant in FIRES if known == name)
    place = {"environment": "production", "component": "api", "repository": "shop", "operation": "deploy"}
    scene = Planted(store, place)
    plant(scene)
    scene.write()
    names = dict.fromkeys(place, "elsewhere")
    Scene(store).fail("elsewhere", 10 * DAY - 50 * DAY, **names)
    found = [one for one in look(store, name, by=by) if one.measurement.place == place[by]]
    (whole,) = look(store, name)
    assert [(whole.measurement.value, whole.measurement.cases)] == [
        (one.measurement.value, one.measurement.cases) for one in found
    ]


def test_one_rule_tells_no_more_than_a_hundred_places_apart(store: Store) -> None:
    """Those with the most failures, then with the most calls: a stranger may make up any number of names."""
    scene = Planted(store)
    for number in range(130):
        call_often(scene, f"e{number}-", 1 + (number >= 40), 0, 5, environment=f"env{number}")
    scene.write()
    found = [one.measurement.place for one in look(store, "high_failure_rate", by="environment")]
    assert 100 == len(found)
    assert {f"env{number}" for number in range(40, 130)} <= set(found)
    scene.call("bad", 10 * DAY - 5, False, environment="bad")
    scene.write()
    assert "bad" in [one.measurement.place for one in look(store, "high_failure_rate", by="environment")]


def test_the_alert_of_a_place_is_not_over_because_others_get_worse(store: Store) -> None:
    """Where there are more than are looked at; it is where there are no more."""
    scene = Planted(store)
    call_often(scene, "mine-", 20, 12, 90, environment="mine")
    for number in range(101):
        call_often(scene, f"e{number}-", 14, 13, 5, environment=f"env{number}")
    scene.write()
    rule = make_rule("high_failure_rate", by="environment", for_at_least=0, clear_after=0)
    with open_figures(store, *find_queries({rule.kind.name})) as reader:
        early, late = (measure(reader, [rule], at(10 * DAY - minutes), lambda _: ()) for minutes in (75, 0))
    (mine,) = (book := advance(AlertBook(), [rule], early, at(10 * DAY - 75)).book).current
    assert mine == advance(book, [rule], late, NOW).book.find(mine.id)
    few = [replace(one, measurement=replace(one.measurement, cut=False)) for one in late]
    assert [mine.id] == [one.id for one in advance(book, [rule], few, NOW).resolved]


def rows_of_calls(truth: Truth) -> list[tuple[datetime, bool, tuple[str | None, ...]]]:
    """Return every call that happened: failures, their re-runs, and the others."""
    calls: list[Call] = [*truth.calls, *(call for fault in truth.faults for call in fault.reruns)]
    faults = [(fault.time, False, fault.place) for fault in truth.faults if not fault.cancelled]
    return [*faults, *((call.time, call.success, call.place) for call in calls)]


@pytest.mark.parametrize("days", [3, 9, DAYS - 1])
@pytest.mark.parametrize("by", [None, "environment"])
def test_rates_are_as_counted_by_hand(history: Store, truth: Truth, days: int, by: str | None) -> None:
    """In a history drawn by chance."""
    now, window = START + timedelta(days=days), timedelta(days=2)
    calls = [one for one in rows_of_calls(truth) if now - window - timedelta(days=7) <= one[0] < now]
    names = {None} if by is None else {place[0] for _, _, place in calls if place[0]}
    found = {
        None if by is None else one.measurement.place: one.measurement
        for one in look(history, "high_failure_rate", now, window=window.total_seconds(), by=by)
    }
    assert names == set(found)
    for name in names:
        ours = [(time, success) for time, success, place in calls if name in (None, place[0])]
        fresh = [success for time, success in ours if time >= now - window]
        assert (len(fresh), fresh.count(False)) == (
            found[name].cases,
            round((found[name].value or 0) * found[name].cases),
        )


def test_the_critical_errors_are_as_counted_by_hand(history: Store, truth: Truth) -> None:
    """In a history drawn by chance; the newest is named."""
    window = timedelta(days=20)
    (found,) = look(history, "critical_errors", END, window=window.total_seconds())
    expected = [
        fault
        for fault in truth.faults
        if fault.severity == "critical" and not fault.cancelled and END - window <= fault.time < END
    ]
    assert (len(expected), max(expected, key=lambda fault: (fault.time, fault.id)).id) == (
        found.measurement.value,
        found.measurement.failure_id,
    )


def test_the_recoveries_are_as_counted_by_hand(history: Store, truth: Truth) -> None:
    """In a history drawn by chance."""
    window = timedelta(days=20)
    (found,) = look(history, "recovery_failures", END, window=window.total_seconds())
    results = [
        result
        for fault in truth.faults
        for kind, _, result, time in fault.actions
        if kind == "recover" and result != "skipped" and END - window <= time < END
    ]
    assert (len(results), results.count("failed") / len(results)) == (found.measurement.cases, found.measurement.value)


def draw_calls(scene: Planted, days: int, rate: Callable[[float], float], seed: int) -> None:
    """Write a call every 10 minutes, in four places, that fails with the chance at that minute."""
    chance = random.Random(seed)
    for minute in range(0, days * DAY, 10):
        for place in ("a", "b", "c", "d"):
            failed = chance.random() < rate(minute)
            name, when = f"{place}{minute}", minute + chance.random() * 10
            if failed:
                scene.fail(name, when, operation=place)
            else:
                scene.call(name, when, True, operation=place)


def watch(store: Store, names: tuple[str, ...], minutes: range) -> list[tuple[int, str, str]]:
    """Look every few minutes, and return what fired and what was resolved, with the minute."""
    rules, book, events = [make_rule(name) for name in names], AlertBook(), []
    with open_figures(store, *find_queries(names)) as reader:
        for minute in minutes:
            findings = measure(reader, rules, at(minute), lambda _: ())
            step = advance(book, rules, findings, at(minute))
            book = step.book
            events += [(minute, "fires", one.id) for one in step.fired]
            events += [(minute, "is over", one.id) for one in step.resolved]
    return events


RATES = ("degradation", "failure_spike", "high_failure_rate", "low_success_rate")


def test_a_healthy_history_of_chance_fires_nothing(store: Store) -> None:
    """Three of a hundred calls fail, day and night."""
    scene = Planted(store)
    draw_calls(scene, 10, lambda _: 0.03, seed=5)
    scene.write()
    assert [] == watch(store, RATES, range(8 * DAY, 10 * DAY, 45))


def test_an_outage_of_two_hours_fires_once_and_is_over_once(store: Store) -> None:
    """Within an hour of its beginning, three of its end; that 10 of 100 runs of the whole day failed is not sure."""
    scene = Planted(store)
    begin = 8 * DAY + 600
    draw_calls(scene, 10, lambda minute: 0.9 if begin <= minute < begin + 120 else 0.03, seed=6)
    scene.write()
    events = watch(store, RATES, range(8 * DAY, 10 * DAY, 15))
    found = {name: [(minute - begin, what) for minute, what, rule in events if rule == name] for name in RATES}
    assert [["fires", "is over"]] * 3 + [[]] == [[what for _, what in found[name]] for name in RATES]
    for name in ("degradation", "high_failure_rate"):
        (fired, _), (over, _) = found[name]
        assert 0 < fired <= 60
        assert 120 < over <= 120 + 180


@pytest.mark.parametrize("name", ["high_failure_rate", "low_success_rate"])
def test_a_total_outage_is_not_over_after_a_week(store: Store, name: str) -> None:
    """Neither when the last success is no longer known, nor when nobody calls any more."""
    scene = Planted(store)
    for number in range(20):
        scene.call(f"good{number}", number, True)
    for number in range(9 * 24):
        scene.call(f"bad{number}", 60 * (number + 1), False)
    scene.call("other", 12 * DAY, True, operation="other")
    scene.write()
    rule = make_rule(name, window=DAY * 60.0)
    moments = [at(minute) for minute in (DAY, DAY + 10, 7.2 * DAY, 8.5 * DAY, 9 * DAY, 11 * DAY, 11.5 * DAY)]
    book, states = AlertBook(), []
    with open_figures(store, *find_queries({name})) as reader:
        for now in moments:
            book = advance(book, [rule], measure(reader, [rule], now, lambda _: ()), now).book
            states.append([one.state for one in book.current])
    assert [["pending"], *[["firing"]] * 6] == states


def test_too_few_cases_leave_an_alert_as_it_is_while_an_incident_is_open(store: Store) -> None:
    """In its place; elsewhere it is over."""
    scene = Planted(store)
    for place in ("down", "up"):
        call_often(scene, place, 40, 30, 90, environment=place)
        scene.call(f"{place}-last", 10 * DAY - 80, place == "up", environment=place)
    scene.write()
    rule = make_rule("high_failure_rate", by="environment", for_at_least=0)
    with open_figures(store, *find_queries({rule.kind.name})) as reader:
        early, late, later = (
            measure(reader, [rule], at(10 * DAY - minutes), lambda _: ()) for minutes in (75, 15, -15)
        )
    book = advance(AlertBook(), [rule], early, at(10 * DAY - 75)).book
    book = advance(book, [rule], late, at(10 * DAY - 15)).book
    step = advance(book, [rule], later, at(10 * DAY + 15))
    assert [{"environment": "up"}] == [one.labels for one in step.resolved]
    assert [{"environment": "down"}] == [one.labels for one in step.book.current]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("nothing", {}, "say its kind"),
        ("high_failure_rat", {}, "did you mean 'high_failure_rate'"),
        ("mine", {"kind": "hi_mttr"}, "there is none"),
        ("No Name", {"kind": "high_mttr"}, "no name"),
        ("high_failure_rate", {"threshold": 10.0}, "a share is below 1"),
        ("high_failure_rate", {"clear": 0.1}, "must be below the threshold"),
        ("low_success_rate", {"clear": 0.8}, "must be above the threshold"),
        ("low_success_rate", {"clear": 95.0}, "a share is at most 1, such as 0.95 for 95 %; not 95"),
        ("low_availability", {"clear": 1.01}, "a share is at most 1"),
        ("high_mttr", {"clear": -1.0}, "must be at least 0"),
        ("high_mttr", {"only": ("a",)}, "say by what"),
        ("breaker_trips", {"by": "environment"}, "by operation only"),
        ("failure_spike", {"window": 200_000.0}, "at most one"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(name: str, given: dict[str, Any], said: str) -> None:
    """And told where it is wrong."""
    with pytest.raises(UsageError, match=said):
        make_rule(name, **given)


def test_what_is_over_is_usually_a_number_that_there_can_be() -> None:
    """A share up to 1, a count from 0 on."""
    assert 1.0 == make_rule("low_success_rate", clear=1.0).clear
    assert 0.0 == make_rule("critical_errors", threshold=0.5).clear


def test_rules_that_count_look_no_deeper_for_being_long() -> None:
    """How operations worked is asked for the windows of the others only."""
    rules = [make_rule("low_availability", window=86_400), make_rule("critical_errors", window=30 * 86_400)]
    assert at(-DAY) == find_start(rules, at(0))
    assert at(0) == find_start(rules[1:], at(0))
