"""Every metric of operations, computed anew from the truth by other means."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from support.happenings import Scene, at
from support.random_history import END, Truth
from support.reliability import History, Reliability, recovery_median, to_calls

from errclass.core.errors import UsageError
from errclass.outcomes import Store
from errclass.reports.frames import make_frames
from errclass.reports.tracking.asking import ask_metrics, ask_series
from errclass.reports.tracking.frames import lay_groups_of_operations, lay_slots
from errclass.reports.tracking.metrics import CurrentMetrics, Metrics
from errclass.reports.tracking.series import METRICS, MOST_POINTS

NOW = END - timedelta(days=2)
FILTERS: list[dict[str, Any]] = [
    {},
    {"environment": "staging"},
    {"environment": ["production", "staging"], "operation": "deploy"},
    {"component": "web"},
    {"repository": "shop/api"},
    {"environment": "nowhere"},
]
NAMES = ("environment", "operation", "component", "repository")
WINDOWS = ("6h", "3d", "2w")


@pytest.fixture(scope="module")
def calls(truth: Truth) -> History:
    return History(to_calls(truth))


def to_wanted(filters: dict[str, Any]) -> dict[int, set[str | None]]:
    return {NAMES.index(name): {value} if isinstance(value, str) else {*value} for name, value in filters.items()}


def check(told: Metrics, true: Reliability) -> None:
    """Compare everything that is told of some operations with what is true."""
    assert told.success_rate is not None
    assert told.failure_rate is not None
    assert told.retry_rate is not None
    assert (true.calls, true.calls - true.failures) == (told.calls, told.success_rate.count)
    assert (true.failures, true.retries) == (told.failure_rate.count, told.retry_rate.count)
    assert (true.timed, len(true.opened)) == (told.timed_calls, told.incidents)
    assert pytest.approx((true.observed, true.down), abs=0.01) == (told.observed_seconds, told.down_seconds)
    for expected, found in (
        (true.availability, told.availability),
        (true.mtbf, told.mtbf_seconds),
        (true.mean_duration, told.mean_duration_seconds),
        (true.mttr, told.mttr.mean_seconds),
        (recovery_median(true.spans), told.mttr.median_seconds),
        (true.failures / true.calls if true.calls else None, told.failure_rate.value),
        (1 - true.failures / true.calls if true.calls else None, told.success_rate.value),
    ):
        assert found == (None if expected is None else pytest.approx(expected, rel=1e-4, abs=0.002))
    over = sum(done for _, done in true.spans)
    assert (len(true.spans), over, len(true.spans) - over) == (
        told.mttr.incidents, told.mttr.recovered, told.mttr.open,
    )  # fmt: skip


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_all_operations_of_a_window(history: Store, calls: History, window: str, filters: dict[str, Any]) -> None:
    """Rates, times to recovery and between failures, availability; with open incidents, and with filters."""
    told = ask_metrics(history, window, now=NOW, filters=filters)
    check(told, calls.measure(told.since, NOW, to_wanted(filters)))


@pytest.mark.parametrize("name", ["environment", "component", "operation"])
def test_each_group_of_operations(history: Store, calls: History, name: str) -> None:
    """What has no name is a group of its own, and together they are all."""
    told = ask_metrics(history, "2w", now=NOW)
    groups = getattr(told, f"by_{name}")
    values = {call.place[NAMES.index(name)] for call in calls.calls if told.since <= call.ended < NOW}
    assert {value or "unnamed" for value in values} == set(groups)
    for value in values:
        check(groups[value or "unnamed"], calls.measure(told.since, NOW, {NAMES.index(name): {value}}))
    assert told.calls == sum(one.calls for one in groups.values())


def test_failures_by_type(history: Store, truth: Truth) -> None:
    """As shares of all failures; cancelled ones are none."""
    told = ask_metrics(history, "2w", now=NOW)
    faults = [one for one in truth.faults if told.since <= one.time < NOW and not one.cancelled]
    kinds = [one.type or "undecided" for one in faults]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        name: one.failures.count for name, one in told.by_type.items() if one.failures.count
    }
    assert {len(faults)} == {one.failures.total for one in told.by_type.values()}
    assert told.mttr.incidents == sum(one.mttr.incidents for one in told.by_type.values())


def test_incidents_that_are_open_at_the_end(history: Store, calls: History) -> None:
    """Whenever they opened, and however they went on."""
    for now in (NOW, NOW - timedelta(days=3), END + timedelta(days=1)):
        told = ask_metrics(history, "24h", now=now)
        last = min(calls.last, now)
        open_then = [
            one
            for one in calls.incidents()
            if one.opened < now and (one.until >= now if one.over else one.until >= last)
        ]
        assert len(open_then) == told.open_incidents
    assert told.open_incidents > 0


@pytest.mark.parametrize("filters", [{}, {"environment": "staging"}], ids=str)
@pytest.mark.parametrize(("window", "slot"), [("2w", None), ("2w", "7h"), ("3d", "1h")])
def test_every_metric_over_time(
    history: Store, calls: History, window: str, slot: str | None, filters: dict[str, Any]
) -> None:
    """Slot by slot as in a window of its own; the last one is cut short."""
    series = ask_series(history, tuple(METRICS), window, slot, now=NOW, filters=filters)
    length = timedelta(seconds=series[0].slot_seconds)
    for number in range(len(series[0].points)):
        start = series[0].points[number].start
        true = calls.measure(start, min(start + length, NOW), to_wanted(filters))
        expected = {
            "availability": true.availability,
            "calls": true.calls,
            "failure_rate": true.failures / true.calls if true.calls else None,
            "failures": true.failures,
            "incidents": len(true.opened),
            "mean_duration": true.mean_duration,
            "mtbf": true.mtbf,
            "mttr": true.mttr,
            "retries": true.retries,
            "retry_rate": true.retries / true.calls if true.calls else None,
            "success_rate": 1 - true.failures / true.calls if true.calls else None,
        }
        for one in series:
            value = expected[one.metric]
            assert one.points[number].value == (None if value is None else pytest.approx(value, rel=1e-4, abs=0.002))
    assert NOW > series[0].points[-1].start >= NOW - length


def test_slots_of_which_nothing_is_known_have_no_value(history: Store) -> None:
    """Before the first call and after the last one, for every metric; never 0."""
    for now in (END - timedelta(days=60), END + timedelta(days=60)):
        for one in ask_series(history, tuple(METRICS), "2d", "6h", now=now):
            assert [(None, 0, None, None)] * 8 == [(p.value, p.count, p.low, p.high) for p in one.points]


def test_a_quiet_hour_between_calls_has_no_rate_and_no_calls(store: Store) -> None:
    """It was watched, so 0 calls are known; of no calls there is no share."""
    scene = Scene(store)
    scene.call("a", 10, True, seconds=30)
    scene.call("b", 190, True, seconds=90)
    found = {one.metric: one for one in ask_series(store, tuple(METRICS), "4h", "1h", now=at(240))}
    assert [1, 0, 0, 1] == [point.value for point in found["calls"].points]
    assert [1.0, None, None, 1.0] == [point.value for point in found["success_rate"].points]
    assert [30.0, None, None, 90.0] == [point.value for point in found["mean_duration"].points]
    assert [1.0, 1.0, 1.0, 1.0] == [point.value for point in found["availability"].points]
    assert [None] * 4 == [point.value for point in found["mtbf"].points]
    assert [None] * 4 == [point.value for point in found["mttr"].points]


def test_an_outage_by_hand(store: Store) -> None:
    """Up for an hour, down for two, up for one; then down, and still open when it is asked."""
    scene = Scene(store)
    scene.call("a", 0, True)
    scene.call("b", 60, False)
    scene.call("c", 90, False)
    scene.call("d", 180, True)
    scene.call("e", 240, False)
    scene.call("f", 300, True, operation="other")  # what is known of anything ends here
    told = ask_metrics(store, "1d", now=at(360))
    deploy = told.by_operation["deploy"]
    assert (5, 2, 18_000.0, 10_800.0) == (deploy.calls, deploy.incidents, deploy.observed_seconds, deploy.down_seconds)
    assert (0.4, 3600.0) == (deploy.availability, deploy.mtbf_seconds)
    # One of two lasts longer than the hour that the open one is known to last: 1 h * 1 + 1 h * 1 until 2 h.
    assert (1, 1, 7200.0, 7200.0) == (
        deploy.mttr.recovered, deploy.mttr.open, deploy.mttr.mean_seconds, deploy.mttr.median_seconds,
    )  # fmt: skip
    assert (1, at(0)) == (told.open_incidents, told.known_from)
    assert [1.0, 0.0, 0.0, 1.0, 0.0] == [
        point.value
        for point in ask_series(
            store, ("availability",), "5h", "1h", now=at(300), filters={"operation": "deploy"}
        )[0].points
    ]  # fmt: skip


def test_of_failures_and_nothing_more_no_time_is_known(store: Store) -> None:
    """Nothing was watched, and nothing recovered: that is no 0 s; over time neither."""
    scene = Scene(store)
    for number in range(3):
        scene.call(f"a{number}", 30, False, operation=f"op {number}")
    told = ask_metrics(store, "1h", now=at(60))
    for one in (told, *told.by_operation.values()):
        assert (0.0, None, None) == (one.observed_seconds, one.mtbf_seconds, one.availability)
        assert (0, None, None) == (one.mttr.recovered, one.mttr.mean_seconds, one.mttr.median_seconds)
    for series in ask_series(store, ("mtbf", "mttr"), "1h", "30m", now=at(60)):
        assert [(None, 0), (None, 3)] == [(point.value, point.count) for point in series.points]


def test_one_that_recovered_tells_how_long_it_takes(store: Store) -> None:
    """Together with those that are still open."""
    scene = Scene(store)
    for name, minutes, success in (("a", 0, False), ("b", 10, True)):
        scene.call(name, minutes, success)
    scene.call("c", 0, False, operation="other")
    scene.call("d", 20, False, operation="other")
    told = ask_metrics(store, "1h", now=at(60))
    assert (1, 1, 900.0) == (told.mttr.recovered, told.mttr.open, told.mttr.mean_seconds)
    assert (None, 600.0) == (
        told.by_operation["other"].mttr.mean_seconds, told.by_operation["deploy"].mttr.mean_seconds,
    )  # fmt: skip


def test_of_types_only_recovery_is_known(history: Store) -> None:
    """Calls have neither type nor severity."""
    told = ask_metrics(history, "2w", now=NOW, filters={"type": "network"})
    assert (None, None, None, None) == (told.calls, told.success_rate, told.availability, told.mtbf_seconds)
    assert told.mttr.incidents > 0
    (mttr,) = ask_series(history, ("mttr",), "2w", now=NOW, filters={"severity": "high"})
    assert any(point.value for point in mttr.points)
    with pytest.raises(UsageError, match="neither type nor severity"):
        ask_series(history, ("success_rate",), "2w", now=NOW, filters={"type": "network"})


def test_shares_have_their_interval(history: Store) -> None:
    """By Wilson, of 95 %."""
    told = ask_metrics(history, "2w", now=NOW).success_rate
    assert told is not None
    z, n, p = 1.959964, told.total, told.count / told.total
    centre, reach = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    ends = [(centre + sign * reach) / (1 + z * z / n) for sign in (-1, 1)]
    assert pytest.approx(ends, abs=1e-6) == [told.low, told.high]


@pytest.mark.parametrize("window", ["", "5x", "24", "h", "1.5h", "-1h", "0h", "yesterday", "1y"])
def test_an_unknown_window_is_an_error(store: Store, window: str) -> None:
    """Never a day."""
    with pytest.raises(UsageError):
        ask_metrics(store, window, now=NOW)
    with pytest.raises(UsageError):
        ask_series(store, ("mttr",), window, now=NOW)


def test_an_unknown_metric_names_the_known_ones(store: Store) -> None:
    """And the nearest."""
    with pytest.raises(UsageError, match=r"no metric is called 'successRate'.*there are availability, calls, "):
        ask_series(store, ("successRate",), "24h", now=NOW)
    with pytest.raises(UsageError, match="did you mean 'success_rate'"):
        ask_series(store, ("succes_rate",), "24h", now=NOW)


def test_slots_are_spans_and_not_too_many(store: Store) -> None:
    """1,000 at most."""
    assert MOST_POINTS == len(ask_series(store, ("calls",), f"{MOST_POINTS}m", "1m", now=NOW)[0].points)
    with pytest.raises(UsageError, match="more than 1000"):
        ask_series(store, ("calls",), f"{MOST_POINTS + 1}m", "1m", now=NOW)
    with pytest.raises(UsageError, match="no span of time"):
        ask_series(store, ("calls",), "1h", "often", now=NOW)
    assert 1 == len(ask_series(store, ("calls",), "1h", "2h", now=NOW)[0].points)


def test_nothing_is_made_up_of_an_empty_store(store: Store) -> None:
    """No rate, no time, no availability; and no store is made."""
    told = ask_metrics(store, "24h", now=NOW)
    assert (0, None, None, None, None) == (
        told.calls, told.availability, told.mtbf_seconds, told.mean_duration_seconds, told.mttr.mean_seconds,
    )  # fmt: skip
    assert told.success_rate is not None
    assert (None, None, None) == (told.success_rate.value, told.success_rate.low, told.known_from)
    assert not store.exists()


def test_tables_for_notebooks_hold_the_same(history: Store) -> None:
    """A row per group, and one per slot."""
    told = ask_metrics(history, "2w", now=NOW)
    series = ask_series(history, ("calls", "mttr"), "2w", now=NOW)
    frames = make_frames({"groups": lay_groups_of_operations(told), "slots": lay_slots(series)})
    groups, slots = frames["groups"].set_index(["dimension", "value"]), frames["slots"]
    assert told.calls == groups.loc[("all", "all"), "calls"]
    assert told.by_operation["deploy"].availability == groups.loc[("operation", "deploy"), "availability"]
    assert 1 + len(told.by_environment) + len(told.by_component) + len(told.by_operation) == len(groups)
    assert groups["mean_duration_seconds"].isna().all()
    assert ["start", "calls", "mttr"] == list(slots.columns)
    assert [point.start for point in series[0].points] == [time.to_pydatetime() for time in slots["start"]]
    assert told.calls == slots["calls"].sum()
    assert ("int64", "float64") == (str(slots["calls"].dtype), str(groups["mean_duration_seconds"].dtype))


def test_all_of_it_is_ready_for_json(history: Store) -> None:
    """With times in ISO 8601."""
    document = ask_metrics(history, "2w", now=NOW).to_dict()
    assert NOW == datetime.fromisoformat(document["until"])
    assert {"value", "low", "high", "count", "total"} == set(document["success_rate"])
    assert isinstance(ask_metrics(history, "2w", now=NOW), CurrentMetrics)
    (series,) = ask_series(history, ("mttr",), "2w", now=NOW)
    assert ("mttr", "seconds") == (series.to_dict()["metric"], series.to_dict()["unit"])
