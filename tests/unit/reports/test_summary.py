"""Every figure of a summary, computed anew from the truth by other means."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from support.random_history import END, START, Call, Fault, Truth

from errclass.outcomes import Store
from errclass.reports import make_report
from errclass.reports.summary.reading import choose_slot

WINDOW = 14
NOW = END - timedelta(days=2)
FILTERS: list[dict[str, Any]] = [
    {},
    {"environment": "staging"},
    {"environment": ["production", "staging"], "operation": "deploy"},
    {"type": "network"},
    {"severity": ["high", "critical"], "repository": "shop/api"},
    {"component": "web", "type": ["test", "build"]},
    {"environment": "nowhere"},
]
NAMES = ("environment", "operation", "component", "repository")


class Expected:
    """Compute figures from the truth with pandas and plain loops, for one window and filter."""

    def __init__(self, truth: Truth, filters: dict[str, Any], since: datetime, until: datetime) -> None:
        self.truth, self.since, self.until = truth, since, until
        self.wanted = {name: {value} if isinstance(value, str) else set(value) for name, value in filters.items()}
        rows = [self._row(fault) for fault in truth.faults]
        frame = pd.DataFrame(rows)
        self.all = frame[frame["fits"] & (frame["time"] >= since) & (frame["time"] < until)]
        self.errors = self.all[~self.all["cancelled"]]

    def _row(self, fault: Fault) -> dict[str, Any]:
        row = dict(zip(NAMES, fault.place, strict=True))
        return row | {
            "fits": self.fits(fault.place, fault.type, fault.severity),
            "time": fault.time,
            "type": fault.type or "undecided",
            "severity": fault.severity or "undecided",
            "environment": fault.place[0] or "unnamed",
            "cancelled": fault.cancelled,
            "given_up": fault.given_up,
            "seconds": fault.seconds if fault.seconds is not None else float("nan"),
            "escalated": fault.escalated,
            "cause": fault.cause,
        }

    def fits(self, place: tuple[str | None, ...], kind: str | None, severity: str | None) -> bool:
        values = dict(zip(NAMES, place, strict=True)) | {"type": kind, "severity": severity}
        return all(values[name] in wanted for name, wanted in self.wanted.items())

    def inside(self, time: datetime) -> bool:
        return self.since <= time < self.until

    def count(self, column: str) -> dict[str, int]:
        return {str(name): int(count) for name, count in self.errors[column].value_counts().items()}

    def reruns(self, recovered: bool) -> list[Call]:
        return [
            call
            for fault in self.truth.faults
            for call in fault.reruns
            if self.inside(call.time)
            and self.fits(fault.place, fault.type, fault.severity)
            and (call.recovery is not None) == recovered
        ]

    def actions(self, kind: str) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for fault in self.truth.faults:
            for what, name, result, time in fault.actions:
                if what == kind and self.inside(time) and self.fits(fault.place, fault.type, fault.severity):
                    found.setdefault(name, Counter())[result] += 1
        return found

    def calls(self) -> tuple[int, int]:
        every = [(fault.time, fault.place, False) for fault in self.truth.faults if not fault.cancelled]
        every += [(c.time, c.place, c.success) for fault in self.truth.faults for c in fault.reruns]
        every += [(call.time, call.place, call.success) for call in self.truth.calls]
        chosen = [well for time, place, well in every if self.inside(time) and self.fits(place, None, None)]
        return len(chosen), sum(chosen)

    def incidents(self) -> list[tuple[float, bool]]:
        """Return how long each incident that opened lasted or is known to last, and whether it is over."""
        events: dict[tuple[str | None, ...], list[tuple[datetime, bool, Fault | None]]] = {}
        for fault in self.truth.faults:
            if not fault.cancelled:
                events.setdefault(fault.place, []).append((fault.time, False, fault))
            for call in fault.reruns:
                events.setdefault(fault.place, []).append((call.time, call.success, None))
        for call in self.truth.calls:
            events.setdefault(call.place, []).append((call.time, call.success, None))
        last = max(time for one in events.values() for time, _, _ in one)
        last = max([last, *(fault.time for fault in self.truth.faults)])
        return [one for place, found in events.items() for one in self._walk(place, found, last)]

    def _walk(self, place: Any, events: list[Any], last: datetime) -> list[tuple[float, bool]]:
        found: list[tuple[float, bool]] = []
        opened: datetime | None = None
        first: Fault | None = None
        ordered = sorted(events, key=lambda event: event[:2])
        for time, success, fault in ordered:
            if success and opened is not None:
                self._close(found, place, opened, first, (time, True))
                opened, first = None, None
            elif not success:
                opened, first = opened or time, first or fault
        if opened is not None:
            watched = min(last, ordered[-1][0] + timedelta(days=14))
            self._close(found, place, opened, first, (watched, False))
        return found

    def _close(self, found: list[Any], place: Any, opened: datetime, first: Fault | None, end: Any) -> None:
        kind, severity = (first.type, first.severity) if first else (None, None)
        if self.inside(opened) and self.fits(place, kind, severity):
            found.append(((end[0] - opened).total_seconds(), end[1]))


def survival_mean(spans: list[tuple[float, bool]], horizon: float) -> float:
    """Return the area under the Kaplan-Meier curve up to a horizon, second by second of its steps."""
    area, survival, before = 0.0, 1.0, 0.0
    for moment in sorted({span for span, _ in spans}):
        area += survival * (min(moment, horizon) - min(before, horizon))
        at_risk = sum(span >= moment for span, _ in spans)
        survival *= 1 - sum(span == moment and over for span, over in spans) / at_risk
        before = moment
    return area


def survival_median(spans: list[tuple[float, bool]]) -> float | None:
    survival = 1.0
    for moment in sorted({span for span, _ in spans}):
        at_risk = sum(span >= moment for span, _ in spans)
        survival *= 1 - sum(span == moment and over for span, over in spans) / at_risk
        if survival <= 0.5 + 1e-9:
            return moment
    return None


@pytest.fixture(scope="module", params=FILTERS, ids=str)
def filters(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


@pytest.fixture(scope="module")
def data(history: Store, filters: dict[str, Any]) -> Any:
    """What the report says."""
    return make_report(history, window=f"{WINDOW}d", filters=filters, now=NOW).body.data


@pytest.fixture(scope="module")
def expected(truth: Truth, filters: dict[str, Any]) -> Expected:
    return Expected(truth, filters, NOW - timedelta(days=WINDOW), NOW)


@pytest.fixture(scope="module")
def before(truth: Truth, filters: dict[str, Any]) -> Expected:
    return Expected(truth, filters, NOW - timedelta(days=2 * WINDOW), NOW - timedelta(days=WINDOW))


def test_how_much_failed(data: Any, expected: Expected) -> None:
    """In all and by type, severity and environment, without cancelled ones."""
    errors = expected.errors
    assert (len(errors), len(expected.all) - len(errors)) == (data.total_errors, data.cancelled)
    assert errors["cause"].nunique() == data.causes
    assert expected.count("type") == dict(data.errors_by_type)
    assert expected.count("severity") == dict(data.errors_by_severity)
    assert expected.count("environment") == dict(data.errors_by_environment)


def test_what_came_of_it(data: Any, expected: Expected) -> None:
    """Resolved by a later call, given up by report, or not known."""
    errors, stats = expected.errors, data.resolution_stats
    resolved, given_up = int(errors["seconds"].notna().sum()), int(errors["given_up"].sum())
    assert (resolved, given_up, int(errors["escalated"].sum())) == (stats.resolved, stats.given_up, stats.escalated)
    assert (len(errors) - resolved - given_up, resolved) == (stats.pending, stats.timed)
    mean = None if not resolved else pytest.approx(errors["seconds"].mean(), abs=1e-3)
    assert mean == stats.average_resolution_seconds


def test_the_time_to_recovery(data: Any, expected: Expected) -> None:
    """Kaplan-Meier, open incidents counted as long as they are known to last."""
    spans, told = expected.incidents(), data.recovery_time
    over = sum(done for _, done in spans)
    assert (len(spans), over, len(spans) - over, 0) == (told.incidents, told.recovered, told.open, told.untimed)
    if not spans:
        assert (None, None, None) == (told.mean_seconds, told.median_seconds, told.horizon_seconds)
        return
    horizon = max(span for span, _ in spans)
    assert horizon == told.horizon_seconds
    assert pytest.approx(survival_mean(spans, horizon), abs=1e-2) == told.mean_seconds
    assert survival_median(spans) == told.median_seconds


def test_what_changed(data: Any, expected: Expected, before: Expected) -> None:
    """Against as long a time just before."""
    now, then, told = expected.errors, before.errors, data.trends
    assert (True, len(then)) == (told.comparable, told.errors_before)
    assert told.error_rate_change == (pytest.approx(len(now) / len(then) - 1, abs=1e-6) if len(then) else None)
    if len(now) and len(then):
        share = now["escalated"].mean() - then["escalated"].mean()
        assert pytest.approx(share, abs=1e-6) == told.escalation_rate_change


def test_the_change_of_the_time_to_recovery(data: Any, expected: Expected, before: Expected) -> None:
    """Both means up to the time that both curves reach."""
    spans, old, told = expected.incidents(), before.incidents(), data.trends
    if not (spans and old):
        assert (None, None) == (told.resolution_time_change, told.resolution_horizon_seconds)
        return
    horizon = min(max(span for span, _ in spans), max(span for span, _ in old))
    change = survival_mean(spans, horizon) / survival_mean(old, horizon) - 1
    assert pytest.approx((horizon, change), abs=1e-5) == (told.resolution_horizon_seconds, told.resolution_time_change)


def test_what_re_runs_were_worth(data: Any, expected: Expected) -> None:
    """Unchanged ones, with Wilson's interval."""
    calls = expected.reruns(recovered=False)
    assert (len(calls), sum(c.success for c in calls)) == (data.retries.tries, data.retries.successes)
    by_type = Counter((c.follows.type or "undecided") for c in calls if c.follows)
    assert by_type == {name: rate.tries for name, rate in data.retries_by_type.items()}
    assert sum(rate.successes for rate in data.retries_by_type.values()) == data.retries.successes
    if calls:
        assert data.retries.low < data.retries.rate < data.retries.high


def test_what_was_done(data: Any, expected: Expected) -> None:
    """Recoveries, resets and escalations by how they ended, and calls after recoveries."""
    for kind, told in (("recover", data.recoveries), ("reset", data.resets), ("escalate", data.escalations)):
        ends = {
            one.name: Counter({r: getattr(one, r) for r in ("success", "partial", "failed", "skipped")}) for one in told
        }
        assert expected.actions(kind) == {name: +count for name, count in ends.items() if count.total()}
    reruns = Counter((call.recovery, call.success) for call in expected.reruns(recovered=True))
    for one in data.recoveries:
        tries = reruns[one.name, True] + reruns[one.name, False]
        assert (tries, reruns[one.name, True]) == (one.reruns.tries, one.reruns.successes)
    assert reruns.total() == sum(one.reruns.tries for one in data.recoveries)


def test_calls_that_succeeded(data: Any, expected: Expected, filters: dict[str, Any]) -> None:
    """Calls have no type and no severity, so that nothing is said where these are filtered by."""
    if {"type", "severity"} & set(filters):
        assert data.calls is None
    else:
        assert expected.calls() == (data.calls.tries, data.calls.successes)


def test_the_top_causes(data: Any, expected: Expected, truth: Truth) -> None:
    """Those that failed most often, with when they were seen last in the window and first ever."""
    groups = expected.errors.groupby("cause")["time"]
    ranked = sorted(((len(times), times.max(), cause) for cause, times in groups), reverse=True)[:10]
    told = [(cause.count, cause.last_seen, cause.fingerprint) for cause in data.top_causes]
    assert [(count, last.to_pydatetime().replace(tzinfo=None)) for count, last, _ in ranked] == [
        one[:2] for one in told
    ]
    for cause in data.top_causes:
        first = min(fault.time for fault in truth.faults if fault.cause == cause.fingerprint)
        assert (first.replace(tzinfo=None), first >= expected.since) == (cause.first_seen, cause.is_new)


def test_what_happened_last(data: Any, expected: Expected) -> None:
    """The newest ten, newest first."""
    newest = sorted(expected.errors["time"], reverse=True)[:10]
    assert [time.to_pydatetime().replace(tzinfo=None) for time in newest] == [one.time for one in data.recent]


def test_failures_over_time(data: Any, expected: Expected) -> None:
    """In slots from the start of the window."""
    slot = data.timeline.slot_seconds
    slots = Counter(int((time - expected.since).total_seconds() // slot) for time in expected.errors["time"])
    assert [slots[number] for number in range(len(data.timeline.counts))] == list(data.timeline.counts)
    assert sum(data.timeline.counts) == data.total_errors


@pytest.mark.parametrize("minutes", [1, 59, 60, 24 * 60, 7 * 24 * 60, 400 * 24 * 60, 36_500 * 24 * 60])
def test_a_timeline_has_few_slots(minutes: int) -> None:
    """And they reach the end of the window."""
    seconds = 60 * minutes
    slots = math.ceil(seconds / choose_slot(seconds))
    assert 1 <= slots <= 48
    assert slots * choose_slot(seconds) >= seconds


def test_no_comparison_with_a_time_that_the_store_does_not_know(history: Store) -> None:
    """It would show growth where recording began."""
    told = make_report(history, window="14d", now=START + timedelta(days=20)).body.data.trends
    assert (False, None, None, "unknown") == (
        told.comparable,
        told.errors_before,
        told.error_rate_change,
        told.direction,
    )


@pytest.mark.parametrize(("shift", "direction"), [(0, "unclear"), (1, "increasing"), (-1, "decreasing")])
def test_the_direction_needs_more_than_chance(
    store: Store, shift: int, direction: str, write_failures: Callable[[Store, int, datetime], None]
) -> None:
    """Twelve against ten tells nothing, forty against ten does."""
    counts = {0: (10, 12), 1: (10, 40), -1: (40, 10)}[shift]
    write_failures(store, counts[0], NOW - timedelta(hours=36))
    write_failures(store, counts[1], NOW - timedelta(hours=12))
    write_failures(store, 1, NOW - timedelta(days=9))
    told = make_report(store, now=NOW).body.data.trends
    assert (direction, counts[0]) == (told.direction, told.errors_before)
    assert told.error_rate_change_low < told.error_rate_change < told.error_rate_change_high
