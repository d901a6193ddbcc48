"""The report on performance: every figure computed anew, and shown in every format."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.happenings import Scene, at
from support.hostile import HOSTILE
from support.random_history import END, Truth
from support.reliability import History, Reliability, recovery_curve, recovery_mean, recovery_median, to_calls

from errclass.outcomes import Store, open_marts
from errclass.reports import FORMATS, make_report, read_schema, render_report
from errclass.reports.formats.page import render_page
from errclass.reports.performance.data import PerformanceData
from errclass.reports.performance.reading import CURVE_STEPS, MOST_GROUPS, MOST_OPEN
from errclass.reports.sections import Section

NOW = END - timedelta(days=2)
DAYS = 14
PLACES = ("environment", "operation", "component")
FILTERS: list[dict[str, Any]] = [{}, {"environment": "staging"}, {"type": "network"}, {"environment": "nowhere"}]


def report(store: Store, window: str = f"{DAYS}d", now: datetime = NOW, **filters: Any) -> PerformanceData:
    found: PerformanceData = make_report(store, "performance", window=window, now=now, filters=filters).body.data
    return found


@pytest.fixture(scope="module")
def data(history: Store) -> PerformanceData:
    return report(history)


@pytest.fixture(scope="module")
def calls(truth: Truth) -> History:
    return History(to_calls(truth))


@pytest.fixture(scope="module")
def true(calls: History) -> Reliability:
    return calls.measure(NOW - timedelta(days=DAYS), NOW, {})


def test_the_metrics_of_all_operations(data: PerformanceData, true: Reliability) -> None:
    """Rates, times, availability."""
    told = data.system_metrics
    assert told.success_rate is not None
    assert told.retry_rate is not None
    assert (true.calls, true.calls - true.failures, true.retries) == (
        told.calls, told.success_rate.count, told.retry_rate.count,
    )  # fmt: skip
    assert pytest.approx((true.availability, true.mtbf), rel=1e-5) == (told.availability, told.mtbf_seconds)
    assert pytest.approx(recovery_mean(true.spans), abs=0.01) == told.mttr.mean_seconds
    assert recovery_median(true.spans) == told.mttr.median_seconds


def test_the_worst_come_first(data: PerformanceData, calls: History) -> None:
    """By the lower end of Wilson's interval of the failure rate, computed here by bisection."""
    since = NOW - timedelta(days=DAYS)
    for number, name in enumerate(PLACES):
        ranking = getattr(data, f"{name}_performance")
        groups = {}
        for value in {call.place[number] for call in calls.calls}:
            one = calls.measure(since, NOW, {number: {value}})
            groups[value or "unnamed"] = find_lower_end(one.failures, one.calls)
        assert sorted(groups, key=lambda group: -groups[group]) == [one.name for one in ranking.worst]
        assert len(groups) == ranking.groups
        for one in ranking.worst:
            assert pytest.approx(groups[one.name], abs=1e-5) == one.metrics.failure_rate.low


def find_lower_end(count: int, total: int) -> float:
    """Return the least share of which the observed one is just 1.96 standard errors away."""
    low, high, share = 0.0, count / total, count / total
    for _ in range(60):
        middle = (low + high) / 2
        away = (share - middle) / math.sqrt(max(middle * (1 - middle), 1e-18) / total)
        low, high = (middle, high) if away > 1.959964 else (low, middle)
    return low


def test_the_recovery_curve(history: Store, true: Reliability) -> None:
    """Of few incidents every step, with Greenwood's error and the interval of Kalbfleisch and Prentice."""
    since = NOW - timedelta(days=3)
    spans = [(one.seconds, one.over) for one in true.opened if one.opened >= since]
    assert 5 < len(spans) <= CURVE_STEPS
    curve = report(history, "3d").recovery_curve
    assert [(step.seconds, pytest.approx(step.still_down, abs=1e-6)) for step in curve] == recovery_curve(spans)
    variance = 0.0
    for step in curve:
        assert sum(span >= step.seconds for span, _ in spans) == step.at_risk
        if step.at_risk == step.recovered:
            assert (0.0, None, None) == (step.still_down, step.low, step.high)
            continue
        variance += step.recovered / (step.at_risk * (step.at_risk - step.recovered))
        reach = 1.959964 * math.sqrt(variance) / math.log(step.still_down)
        ends = [step.still_down ** math.exp(sign * reach) for sign in (-1, 1)]
        assert pytest.approx(ends, abs=1e-4) == [step.low, step.high]


def test_a_long_curve_is_thinned(history: Store, true: Reliability) -> None:
    """To steps that are all of the curve, with the first and the last."""
    curve = report(history, "40d", END).recovery_curve
    with open_marts(history, "time_to_recovery", since=END - timedelta(days=40), until=END) as session:
        steps = dict(
            session.execute("SELECT seconds, survival FROM time_to_recovery WHERE dimension = 'all'").fetchall()
        )
    assert len(steps) > 2 * CURVE_STEPS
    assert CURVE_STEPS / 2 < len(curve) <= CURVE_STEPS + 2
    assert [min(steps), max(steps)] == [curve[0].seconds, curve[-1].seconds]
    assert all(pytest.approx(steps[step.seconds], abs=1e-6) == step.still_down for step in curve)


def test_success_over_time(data: PerformanceData, calls: History) -> None:
    """Slot by slot; one without calls has no rate."""
    over_time = data.success_over_time
    assert over_time is not None
    length = timedelta(seconds=over_time.slot_seconds)
    assert NOW - timedelta(days=DAYS) == over_time.slots[0].start
    for slot in over_time.slots:
        ended = [call for call in calls.calls if slot.start <= call.ended < min(slot.start + length, NOW)]
        expected = sum(call.success for call in ended) / len(ended) if ended else None
        assert len(ended) == slot.calls
        assert slot.success_rate == (None if expected is None else pytest.approx(expected, abs=1e-6))
    assert data.system_metrics.calls == sum(slot.calls for slot in over_time.slots)


def test_what_does_not_work_now(history: Store, calls: History) -> None:
    """The oldest first; also where it broke long before the window."""
    open_now = sorted(
        (one.opened, one.place[1]) for one in calls.incidents() if not one.over and one.until >= calls.last
    )
    assert open_now
    found = report(history, "1h", END)
    assert (len(open_now), open_now[:MOST_OPEN]) == (
        found.open_incidents,
        [(one.opened_at, one.operation) for one in found.oldest_open],
    )
    assert found.known_from == min(call.ended for call in calls.calls)


def test_many_groups_are_cut(store: Store) -> None:
    """To the worst, and it is said how many there are."""
    scene = Scene(store)
    for number in range(MOST_GROUPS + 5):
        scene.call(f"a{number}", number, number >= 3, operation=f"op {number:02}")
    made = make_report(store, "performance", window="1d", now=at(60))
    found = made.body.data.operation_performance
    assert (MOST_GROUPS + 5, MOST_GROUPS) == (found.groups, len(found.worst))
    assert ["op 00", "op 01", "op 02"] == [one.name for one in found.worst[:3]]
    assert "the worst 25 of 30" in render_report(made, "md")


def test_of_types_only_recovery_is_known(history: Store) -> None:
    """Calls have none."""
    found = report(history, type="network")
    assert (None, None, None) == (
        found.system_metrics.calls, found.system_metrics.availability, found.success_over_time,
    )  # fmt: skip
    assert ["network"] == list(found.recovery_by_type)
    assert found.system_metrics.mttr == found.recovery_by_type["network"]
    text = render_report(make_report(history, "performance", window="14d", now=NOW, filters={"type": "network"}), "md")
    assert "nothing is said of them" in text


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("window", ["1m", "14d"])
def test_json_is_as_its_schema_says(history: Store, window: str, filters: dict[str, Any]) -> None:
    """With calls and without."""
    made = make_report(history, "performance", window=window, now=END, filters=filters)
    jsonschema.Draft202012Validator(
        read_schema("performance"), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(json.loads(render_report(made, "json")))


def test_json_of_an_absent_store_is_too(store: Store) -> None:
    """Every field is there, and no number is made up."""
    found = json.loads(render_report(make_report(store, "performance"), "json"))
    jsonschema.validate(found, read_schema("performance"))
    metrics = found["data"]["system_metrics"]
    assert (0, None, None, None) == (
        metrics["calls"], metrics["success_rate"]["value"], metrics["availability"], metrics["mtbf_seconds"],
    )  # fmt: skip
    assert not Path(store.place).exists()


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_report_is_the_same_bytes(history: Store, form: str) -> None:
    """In every format."""
    assert 1 == len({render_report(make_report(history, "performance", window="14d", now=END), form) for _ in range(2)})


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"json"}))
def test_nothing_to_report_says_so(store: Store, history: Store, form: str) -> None:
    """Of an empty store, and of a window of which nothing is known."""
    assert "Nothing was ever recorded" in render_report(make_report(store, "performance"), form)
    later = make_report(history, "performance", now=END - timedelta(days=80))
    assert "Nothing that fits was recorded in this window; the store begins at 2026-04-06" in render_report(later, form)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_hostile_names_of_operations_are_text(store: Store, form: str) -> None:
    """In every table that names them: no element, no formula, no control, and rows stay rows."""
    scene = Scene(store)
    for number, one in enumerate(HOSTILE):
        scene.call(f"a{number}", number, False, operation=one.text, component=one.text, environment=one.text)
    report = make_report(store, "performance", window="1d", now=at(600))
    text = render_page(report, include_charts=False) if form == "html" else render_report(report, form)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
    breaking = {"html": r"<(?:script|img|iframe)", "md": r"(?<!\\)(?:[<>@]|\]\()"}
    assert form not in breaking or not re.search(breaking[form], text)
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [] == [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]


@pytest.fixture(scope="module")
def sections(history: Store) -> dict[str, Section]:
    made = make_report(history, "performance", window="14d", now=END)
    return {section.title: section for section in made.sections}


def test_the_chart_of_success_shows_the_slots(history: Store, sections: dict[str, Section]) -> None:
    """With a gap where there were no calls, and intervals as long as they are."""
    (chart,) = sections["Success over time"].charts
    (line,) = chart.draw().data
    over_time = report(history, "14d", END).success_over_time
    assert over_time is not None
    assert [slot.success_rate for slot in over_time.slots] == list(line.y)
    assert False is line.connectgaps
    for slot, up, down in zip(over_time.slots, line.error_y.array, line.error_y.arrayminus, strict=True):
        if slot.success_rate is not None and slot.low is not None and slot.high is not None:
            assert pytest.approx((slot.high, slot.low)) == (slot.success_rate + up, slot.success_rate - down)


def test_the_chart_of_recovery_begins_with_all(history: Store, sections: dict[str, Section]) -> None:
    """And goes down in steps; the axis is logarithmic, so that it begins just before the first recovery."""
    (chart,) = sections["How long it takes to recover"].charts
    drawn = {line.name: line for line in chart.draw().data}
    curve = report(history, "14d", END).recovery_curve
    assert [1.0, *(step.still_down for step in curve)] == list(drawn["still down"].y)
    start = min(step.seconds for step in curve if step.seconds) / 2
    assert [start, *(max(step.seconds, start) for step in curve)] == list(drawn["still down"].x)
    assert "hv" == drawn["still down"].line.shape
    assert [1.0, *(step.low for step in curve)] == list(drawn["at least"].y)


def test_every_number_of_a_chart_is_in_a_table(history: Store, sections: dict[str, Section]) -> None:
    """For formats that show no charts."""
    found = report(history, "14d", END)
    tables = {table.name: table for section in sections.values() for table in section.tables}
    assert [step.still_down for step in found.recovery_curve] == [
        row[1] for row in tables["Incidents that last longer"].rows
    ]
    assert found.success_over_time is not None
    known = [(slot.start, slot.success_rate) for slot in found.success_over_time.slots if slot.calls]
    assert known == [(row[0], row[2]) for row in tables["In slots of 1 d"].rows]
