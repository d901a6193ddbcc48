"""Every figure of patterns, computed anew from the truth by other means."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from support.random_history import END, Fault, Truth

from errclass.outcomes import Store, open_marts
from errclass.reports import ErrorPatterns, analyze_patterns, analyze_trends, analyze_window

WINDOW = timedelta(days=14)
HISTORY = timedelta(days=28)
NOW = END - timedelta(days=2)
SINCE = NOW - WINDOW
FILTERS: list[dict[str, Any]] = [
    {},
    {"environment": "staging"},
    {"type": ["network", "test"], "repository": "shop/web"},
    {"severity": ["high", "critical"]},
    {"environment": "nowhere"},
]
NAMES = ("environment", "operation", "component", "repository")
KINDS = {
    "type_environment": ("type", "environment"),
    "severity_component": ("severity", "component"),
    "type_operation": ("type", "operation"),
}


def six(value: float) -> Any:
    """Numbers are given to six digits."""
    return pytest.approx(value, rel=6e-6, abs=1e-12)


@pytest.fixture(scope="module", params=FILTERS, ids=str)
def filters(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


@pytest.fixture(scope="module")
def found(history: Store, filters: dict[str, Any]) -> ErrorPatterns:
    """What the analysis says."""
    return analyze_patterns(history, "14d", filters=filters, now=NOW)


@pytest.fixture(scope="module")
def known_from(truth: Truth) -> datetime:
    """The first thing that is known."""
    return min(one.time for one in (*truth.faults, *truth.calls))


@pytest.fixture(scope="module")
def everything(truth: Truth, filters: dict[str, Any]) -> pd.DataFrame:
    """All failures that the filters choose and nobody cancelled."""
    wanted = {name: {value} if isinstance(value, str) else set(value) for name, value in filters.items()}
    frame = pd.DataFrame([_row(fault) for fault in truth.faults if not fault.cancelled])
    for name, values in wanted.items():
        frame = frame[frame[name].isin(values)]
    return frame


@pytest.fixture(scope="module")
def errors(everything: pd.DataFrame) -> pd.DataFrame:
    """Those of the window."""
    return everything[(everything["time"] >= SINCE) & (everything["time"] < NOW)]


@pytest.fixture(scope="module")
def before(everything: pd.DataFrame) -> pd.DataFrame:
    """Those of 28 days before."""
    return everything[(everything["time"] >= SINCE - HISTORY) & (everything["time"] < SINCE)]


def _row(fault: Fault) -> dict[str, Any]:
    return dict(zip(NAMES, fault.place, strict=True)) | {
        "time": fault.time,
        "type": fault.type,
        "severity": fault.severity,
        "cause": fault.cause,
    }


def test_counts_by_what_and_where(found: ErrorPatterns, errors: pd.DataFrame) -> None:
    """With shares and Wilson's intervals; what is not known counts too."""
    assert len(errors) == found.total_errors
    for name in ("type", "severity", "environment", "component", "repository"):
        told = getattr(found.patterns, f"by_{name}")
        counts = Counter(None if pd.isna(value) else value for value in errors[name])
        assert counts == {one.value: one.count for one in told.counts}
        assert len([value for value in counts if value is not None]) == told.known_values
        assert sorted(-one.count for one in told.counts) == [-one.count for one in told.counts]
        for one in told.counts:
            interval = stats.binomtest(one.count, len(errors)).proportion_ci(method="wilson")
            assert (one.share, one.low, one.high) == pytest.approx(
                (one.count / len(errors), interval.low, interval.high), abs=1e-5
            )


def test_counts_by_hour_and_day(found: ErrorPatterns, errors: pd.DataFrame) -> None:
    """By the clock of UTC."""
    times = found.patterns.temporal
    hours, days = errors["time"].dt.hour, errors["time"].dt.day_of_week
    assert [int((hours == hour).sum()) for hour in range(24)] == [one.count for one in times.hours]
    assert [int((days == day).sum()) for day in range(7)] == [one.count for one in times.weekdays]
    assert [[int(((days == day) & (hours == hour)).sum()) for hour in range(24)] for day in range(7)] == [
        list(row) for row in times.week
    ]
    assert [six(len(errors) / 24)] * 24 == [one.expected for one in times.hours]


def test_hours_are_judged_by_the_spread_of_whole_days(
    found: ErrorPatterns, everything: pd.DataFrame, known_from: datetime
) -> None:
    """The binomial test on counts over their dispersion, adjusted by Benjamini and Hochberg."""
    times = found.patterns.temporal
    start = max(SINCE - HISTORY, known_from)
    table = _count_whole_days(everything, start)
    table = table[table.sum(axis=1) > 0]
    if len(table) < 7:
        assert "peak_hours" in found.not_judged
        assert {None} == {one.q_value for one in times.hours}
        return
    usual = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    squares = np.nansum((table - usual) ** 2 / np.where(usual > 0, usual, np.nan))
    dispersion = max(1.0, squares / ((len(table) - 1) * 23))
    assert six(dispersion) == times.daily_cycle.dispersion if times.daily_cycle else False
    if dispersion == 1:
        total = found.total_errors
        values = [
            min(1.0, 2 * min(stats.binom.cdf(one.count, total, 1 / 24), stats.binom.sf(one.count - 1, total, 1 / 24)))
            for one in times.hours
        ]
        assert values == [six(one.p_value or 0) for one in times.hours]
        assert [six(value) for value in stats.false_discovery_control(values)] == [one.q_value for one in times.hours]


def _count_whole_days(frame: pd.DataFrame, start: datetime) -> Any:
    first = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first += timedelta(days=start > first)
    days = (NOW - first) // timedelta(days=1)
    inside = frame[(frame["time"] >= first) & (frame["time"] < first + timedelta(days=days))]
    table = np.zeros((days, 24))
    for time in inside["time"]:
        table[(time - first) // timedelta(days=1), time.hour] += 1
    return table


def test_pairs_of_attributes(found: ErrorPatterns, errors: pd.DataFrame) -> None:
    """Counts by cross tables, significance by Fisher's test, all adjusted together."""
    values = {}
    for kind, (one, other) in KINDS.items():
        known = errors.dropna(subset=[one, other])
        table = pd.crosstab(known[one], known[other])
        told = getattr(found.correlations, kind)
        assert int((table.to_numpy() > 0).sum()) == told.judged
        for pair in told.pairs:
            together = int(table.loc[pair.value, pair.other_value])
            seen, other_seen = int(table.loc[pair.value].sum()), int(table[pair.other_value].sum())
            assert (together, seen, other_seen, len(known)) == (
                pair.together,
                pair.seen,
                pair.other_seen,
                pair.total,
            )
            assert six(seen * other_seen / len(known)) == pair.expected
            assert six(together * len(known) / (seen * other_seen)) == pair.lift
        for value, other_value in ((a, b) for a in table.index for b in table.columns if table.loc[a, b]):
            cells = _lay_cells(table, value, other_value)
            sides = [stats.fisher_exact(cells, alternative=side).pvalue for side in ("greater", "less")]
            values[kind, value, other_value] = min(1.0, 2 * min(sides))
    _check_significance(found, values, errors)


def _lay_cells(table: pd.DataFrame, value: Any, other: Any) -> list[list[int]]:
    together, seen, other_seen = table.loc[value, other], table.loc[value].sum(), table[other].sum()
    rest = table.to_numpy().sum() - seen - other_seen + together
    return [[int(together), int(seen - together)], [int(other_seen - together), int(rest)]]


def _check_significance(found: ErrorPatterns, values: dict[Any, float], errors: pd.DataFrame) -> None:
    situations = _list_situations(errors)
    seen = Counter(kind for kinds in situations for kind in kinds)
    pairs = Counter(pair for kinds in situations for pair in combinations(sorted(kinds), 2))
    for (one, other), together in pairs.items():
        law = stats.hypergeom(len(situations), seen[one], seen[other])
        values["ten_minutes", one, other] = float(law.sf(together - 1))
    told = {
        (kind, pair.value, pair.other_value): pair
        for kind in (*KINDS, "ten_minutes", "same_run")
        for pair in getattr(found.correlations, kind).pairs
    }
    adjusted = dict(zip(values, stats.false_discovery_control(list(values.values())), strict=True)) if values else {}
    for key, pair in told.items():
        assert pytest.approx((values[key], adjusted[key]), rel=1e-5) == (pair.p_value, pair.q_value)
    assert len(pairs) == found.correlations.ten_minutes.judged


def _list_situations(errors: pd.DataFrame) -> list[set[str]]:
    known = errors.dropna(subset=["type", "repository"])
    groups = known.groupby([known["repository"], known["time"].dt.floor("10min")])["type"]
    return [set(kinds) for _, kinds in groups]


def test_types_together_are_those_of_the_mart(history: Store) -> None:
    """Both count the same."""
    found = analyze_patterns(history, "14d", now=NOW).correlations.ten_minutes
    with open_marts(history, "co_occurrence", since=SINCE, until=NOW) as session:
        rows = session.execute("FROM co_occurrence WHERE situation = 'ten_minutes'").fetchall()
    assert len(rows) == found.judged
    assert {
        (pair.value, pair.other_value, pair.together, pair.seen, pair.other_seen, pair.total) for pair in found.pairs
    } <= {row[1:7] for row in rows}


def test_causes_by_what_they_did(
    found: ErrorPatterns, errors: pd.DataFrame, before: pd.DataFrame, truth: Truth, known_from: datetime
) -> None:
    """New, regressed, recurring and gone quiet; whether a cause was seen before is asked of all failures."""
    states: dict[str, set[str]] = {"new": set(), "regressed": set(), "recurring": set()}
    for cause, times in errors.groupby("cause")["time"]:
        earlier = [fault.time for fault in truth.faults if fault.cause == cause and fault.time < SINCE]
        if not earlier:
            states["new"].add(str(cause))
        elif times.min() - max(earlier) >= timedelta(days=14):
            states["regressed"].add(str(cause))
        else:
            states["recurring"].add(str(cause))
    for state, causes in states.items():
        told = getattr(found.fingerprints, state)
        assert (len(causes), causes) == (told.causes, {one.fingerprint for one in told.listed})
        for one in told.listed:
            assert int((errors["cause"] == one.fingerprint).sum()) == one.count
            assert int((before["cause"] == one.fingerprint).sum()) == one.count_before
            ever = [fault.time for fault in truth.faults if fault.cause == one.fingerprint]
            assert min(ever) == one.first_seen
            assert max((time for time in ever if time < SINCE), default=None) == one.seen_before
    _check_quiet(found, errors, before, known_from)


def _check_quiet(found: ErrorPatterns, errors: pd.DataFrame, before: pd.DataFrame, known_from: datetime) -> None:
    length = min(HISTORY, SINCE - known_from)
    absent = before[~before["cause"].isin(set(errors["cause"]))]
    hours = absent.assign(hour=absent["time"].dt.floor("h")).groupby("cause")["hour"].nunique()
    assert len(hours) == found.fingerprints.absent
    values = [(length / (length + WINDOW)) ** count for count in hours]
    adjusted = stats.false_discovery_control(values) if values else []
    quiet = {str(cause) for cause, value in zip(hours.index, adjusted, strict=True) if value <= 0.05}
    assert quiet == {one.fingerprint for one in found.fingerprints.gone_quiet.listed}


def test_a_shift_of_severity_is_told_only_with_its_proof(
    found: ErrorPatterns, errors: pd.DataFrame, before: pd.DataFrame
) -> None:
    """Fisher's test of both times, adjusted for all severities."""
    now, then = Counter(errors["severity"].dropna()), Counter(before["severity"].dropna())
    if len(before) < 30:
        assert "severity_shift" in found.not_judged
        return
    values = {}
    for name, count in now.items():
        cells = [[count, len(errors) - count], [then[name], len(before) - then[name]]]
        sides = [stats.fisher_exact(cells, alternative=side).pvalue for side in ("greater", "less")]
        values[name] = min(1.0, 2 * min(sides))
    adjusted = dict(zip(values, stats.false_discovery_control(list(values.values())), strict=True)) if values else {}
    told = {one.subject for one in found.anomalies if one.kind == "severity_shift"}
    assert {name for name, value in adjusted.items() if value <= 0.05} == told


def test_insights_rest_on_figures(found: ErrorPatterns) -> None:
    """Each has some, and they are numbers that can be checked."""
    for one in found.insights:
        assert any(isinstance(value, int | float) for value in one.evidence.values())
        assert all(not isinstance(value, float) or math.isfinite(value) for value in one.evidence.values())


def test_frames_hold_what_was_found(found: ErrorPatterns) -> None:
    """A row for each, with columns also where there is none."""
    frames = found.frames()
    assert ["counts", "hours", "weekdays", "week", "pairs", "anomalies", "fingerprints", "insights"] == list(frames)
    assert (
        found.total_errors == frames["hours"]["count"].sum() == frames["week"].drop(columns="weekday").to_numpy().sum()
    )
    by_type = frames["counts"].query("dimension == 'type'")
    assert found.total_errors == by_type["count"].sum()
    assert len(found.anomalies) == len(frames["anomalies"])
    assert {"kind", "lift", "q_value"} <= set(frames["pairs"].columns)
    assert {"state", "fingerprint", "silence_probability"} <= set(frames["fingerprints"].columns)


@pytest.mark.parametrize("window", ["1d", "14d"])
def test_one_look_finds_both(history: Store, window: str) -> None:
    """Whichever goes further back."""
    both = analyze_window(history, window, now=NOW)
    assert (analyze_patterns(history, window, now=NOW), analyze_trends(history, window, now=NOW)) == both


def test_the_same_look_finds_the_same(history: Store) -> None:
    """To the last digit."""
    first, second = (analyze_patterns(history, "14d", now=NOW).to_dict() for _ in range(2))
    assert first == second
