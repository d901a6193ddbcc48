"""Every figure of trends, computed anew from the truth by other means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats
from support.random_history import END, START, Fault, Truth

from errclass.outcomes import Store
from errclass.reports import ErrorTrends, analyze_trends

NOW = END - timedelta(days=2, hours=3, minutes=20)
FILTERS: list[dict[str, Any]] = [{}, {"environment": "staging"}, {"type": "network"}, {"component": "nothing"}]
Write = Callable[[Store, int, datetime], None]


@pytest.fixture(scope="module", params=FILTERS, ids=str)
def filters(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


@pytest.fixture(scope="module", params=[1, 7, 14])
def days(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture(scope="module")
def found(history: Store, filters: dict[str, Any], days: int) -> ErrorTrends:
    """What the analysis says."""
    return analyze_trends(history, f"{days}d", filters=filters, now=NOW)


@pytest.fixture(scope="module")
def faults(truth: Truth, filters: dict[str, Any]) -> list[Fault]:
    """The failures that the filters choose and nobody cancelled."""
    return [fault for fault in truth.faults if not fault.cancelled and _fits(fault, filters)]


def _fits(fault: Fault, filters: dict[str, Any]) -> bool:
    values = dict(zip(("environment", "operation", "component", "repository"), fault.place, strict=True))
    return all((values | {"type": fault.type})[name] == value for name, value in filters.items())


def _within(faults: list[Fault], since: datetime, until: datetime) -> list[Fault]:
    return [fault for fault in faults if since <= fault.time < until]


def test_both_periods_are_counted(found: ErrorTrends, faults: list[Fault], days: int) -> None:
    """In all, by type and by severity; what is not known is undecided."""
    span = timedelta(days=days)
    assert found.previous is not None
    for told, until in ((found.current, NOW), (found.previous, NOW - span)):
        inside = _within(faults, until - span, until)
        assert (until - span, until, len(inside)) == (told.since, told.until, told.count)
        assert Counter(fault.type or "undecided" for fault in inside) == dict(told.by_type)
        assert Counter(fault.severity or "undecided" for fault in inside) == dict(told.by_severity)


def test_changes_have_intervals_and_tests(found: ErrorTrends, faults: list[Fault], days: int) -> None:
    """Of the share of both periods that is new, on counts over their dispersion; adjusted for all types."""
    span = timedelta(days=days)
    assert found.changes is not None
    now, before = _within(faults, NOW - span, NOW), _within(faults, NOW - 2 * span, NOW - span)
    for changes, name in ((found.changes.by_type, "type"), (found.changes.by_severity, "severity")):
        counts = [Counter(getattr(fault, name) for fault in some) for some in (now, before)]
        assert {value: (counts[0][value], counts[1][value]) for value in {*counts[0], *counts[1]}} == {
            one.value: (one.count, one.count_before) for one in changes
        }
        if changes:
            values = stats.false_discovery_control([one.p_value for one in changes])
            assert pytest.approx(values, rel=1e-5) == [one.q_value for one in changes]
    every = (found.changes.count, *found.changes.by_type, *found.changes.by_severity)
    for one in every:
        _check_change(one, found.changes.dispersion)
    assert found.direction == found.changes.count.direction


def _check_change(one: Any, dispersion: float) -> None:
    assert one.change == (pytest.approx(one.count / one.count_before - 1, abs=1e-5) if one.count_before else None)
    assert (one.direction in {"increasing", "decreasing"}) == (one.q_value <= 0.05)
    if dispersion == 1 and one.count + one.count_before:
        test = stats.binomtest(one.count, one.count + one.count_before)
        low, high = test.proportion_ci(method="wilson")
        assert pytest.approx(min(1.0, test.pvalue), rel=1e-5) == one.p_value
        assert pytest.approx(low / (1 - low) - 1, rel=1e-4, abs=1e-5) == one.low
        assert one.high == (pytest.approx(high / (1 - high) - 1, rel=1e-4, abs=1e-5) if one.count_before else None)


def test_days_are_counted_back_from_the_end(found: ErrorTrends, faults: list[Fault], days: int) -> None:
    """As many as serve, and whole ones only."""
    counts = found.days.counts
    assert len(counts) == max(28, 2 * days)
    assert NOW == found.days.begins()[-1] + timedelta(days=1)
    assert [len(_within(faults, since, since + timedelta(days=1))) for since in found.days.begins()] == list(counts)


def test_the_dispersion_is_that_of_the_table_of_both_periods(history: Store, truth: Truth) -> None:
    """Slot by slot, by Pearson's statistic: 28 slots of six hours for a week."""
    found = analyze_trends(history, "7d", now=NOW)
    faults = [fault for fault in truth.faults if not fault.cancelled]
    table = np.array(
        [
            [
                len(_within(faults, since + timedelta(hours=6 * slot), since + timedelta(hours=6 * slot + 6)))
                for slot in range(28)
            ]
            for since in (NOW - timedelta(days=7), NOW - timedelta(days=14))
        ]
    )
    table = table[:, table.sum(axis=0) > 0]
    squares = stats.chi2_contingency(table, correction=False).statistic
    assert found.changes is not None
    assert pytest.approx(max(1.0, squares / (table.shape[1] - 1)), rel=1e-5) == found.changes.dispersion


def test_a_forecast_for_a_day_is_given_with_its_trials(history: Store, truth: Truth) -> None:
    """Each period of the past as it really was."""
    found = analyze_trends(history, "24h", now=NOW)
    assert found.prediction is not None
    assert (NOW, NOW + timedelta(days=1)) == (found.prediction.since, found.prediction.until)
    faults = [fault for fault in truth.faults if not fault.cancelled]
    trials = found.prediction.backtest.trials
    assert len(trials) >= 20
    for trial in trials:
        assert len(_within(faults, trial.since, trial.since + timedelta(days=1))) == trial.observed
        assert len(_within(faults, trial.since - timedelta(days=1), trial.since)) == trial.naive
    assert found.prediction.backtest.coverage >= 0.85
    mean = len(_within(faults, NOW - timedelta(days=28), NOW)) / 28
    assert found.prediction.predicted_error_count == pytest.approx(mean, rel=0.2)


@pytest.mark.parametrize(
    ("window", "now", "missing"),
    [
        ("14d", START + timedelta(days=20), {"changes", "prediction"}),
        ("1h", START + timedelta(days=5), {"change_points", "prediction"}),
        ("90m", END, {"prediction"}),
        ("30m", END, {"prediction"}),
        ("7d", END, {"prediction"}),
        ("1d", END, set()),
    ],
)
def test_what_cannot_be_judged_is_said(history: Store, window: str, now: datetime, missing: set[str]) -> None:
    """With the reason, and never made up."""
    found = analyze_trends(history, window, now=now)
    assert missing == set(found.not_judged)
    assert ("prediction" in missing) == (found.prediction is None)
    assert ("changes" in missing) == (found.changes is None)
    assert ("unknown" == found.direction) == (found.changes is None)


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [
        ([10] * 24, [40] * 24, "increasing"),
        ([40] * 24, [10] * 24, "decreasing"),
        ([20] * 24, [21, 19] * 12, "stable"),
        ([0, 1] * 12, [0, 1, 0, 2] * 6, "unclear"),
        ([30] + [0] * 23, [0] * 12 + [40] + [0] * 11, "volatile"),
    ],
)
def test_the_direction_needs_more_than_chance(
    store: Store, write_failures: Write, before: list[int], now: list[int], direction: str
) -> None:
    """And a burst is no trend: how much counts vary is part of the test."""
    write_failures(store, 1, NOW - timedelta(days=9))
    for hour, count in enumerate([*before, *now]):
        write_failures(store, count, NOW - timedelta(hours=48 - hour, minutes=-1))
    assert direction == analyze_trends(store, "24h", now=NOW).direction


def test_frames_hold_what_was_found(found: ErrorTrends) -> None:
    """A row for each, with columns also where there is none."""
    frames = found.frames()
    assert ["days", "changes", "change_points", "backtest", "insights"] == list(frames)
    assert list(found.days.counts) == list(frames["days"]["count"])
    assert found.changes is not None
    assert 1 + len(found.changes.by_type) + len(found.changes.by_severity) == len(frames["changes"])
    assert {"since", "expected", "low", "high", "naive", "observed", "hit"} == set(frames["backtest"].columns)
