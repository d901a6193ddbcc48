"""What was planted is found, with the figures that prove it; what was not planted is not told."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from support import planted_history as planted
from support.happenings import decide

from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.reports import ErrorPatterns, ErrorTrends, analyze_patterns, analyze_trends


@pytest.fixture(scope="module")
def found(planted_store: Store) -> ErrorPatterns:
    return analyze_patterns(planted_store, "7d", now=planted.NOW)


@pytest.fixture(scope="module")
def trends(planted_store: Store) -> ErrorTrends:
    return analyze_trends(planted_store, "7d", now=planted.NOW)


@pytest.fixture(scope="module")
def evidence(found: ErrorPatterns) -> dict[str, dict[str, object]]:
    """Kind of insight -> what its first one rests on."""
    return {one.kind: dict(one.evidence) for one in reversed(found.insights)}


def test_the_spike_is_found_at_its_hours(found: ErrorPatterns) -> None:
    """With how many were usual; the peaks of each day are none."""
    (spike,) = (one for one in found.anomalies if one.kind == "frequency_spike")
    assert planted.SPIKE == (spike.since, spike.until)
    inside = [one for one in planted.list_planted() if planted.SPIKE[0] <= one.time < planted.SPIKE[1]]
    assert len(inside) == spike.observed
    assert spike.low <= spike.expected <= spike.high < spike.observed
    assert 0.3 < spike.expected < 1.5
    assert spike.q_value < 1e-6
    assert spike.history_failures == sum(
        timedelta(0) < planted.SINCE - one.time <= timedelta(days=28) for one in planted.list_planted()
    )


def test_the_shift_of_severity_is_found(found: ErrorPatterns) -> None:
    """With both shares."""
    shifts = {one.subject: one for one in found.anomalies if one.kind == "severity_shift"}
    assert "critical" in shifts
    window = [one for one in planted.list_planted() if one.time >= planted.SINCE]
    share = sum(one.severity == "critical" for one in window) / len(window)
    assert pytest.approx(share, abs=1e-5) == shifts["critical"].observed
    assert shifts["critical"].high < share
    assert shifts["critical"].expected < 0.05


def test_the_causes_are_told_apart(found: ErrorPatterns) -> None:
    """New, back after long, gone quiet; the five others go on."""
    causes = found.fingerprints
    assert [planted.NEW] == [one.fingerprint for one in causes.new.listed]
    (back,) = causes.regressed.listed
    (quiet,) = causes.gone_quiet.listed
    assert (planted.BACK, planted.QUIET) == (back.fingerprint, quiet.fingerprint)
    assert 5 == causes.recurring.causes
    first, last = (planted.START + timedelta(days=day, hours=11) for day in planted.BACK_DAYS)
    silence = planted.SINCE + timedelta(days=1, hours=11) - last
    assert silence.total_seconds() == back.silence_seconds
    active, days = last - first, planted.BACK_DAYS[1] - planted.BACK_DAYS[0] + 1
    assert pytest.approx((active / (active + silence)) ** (days - 1), rel=1e-5) == back.silence_probability
    assert pytest.approx((28 / 35) ** 28, rel=1e-5) == quiet.silence_probability
    (new,) = (one for one in found.anomalies if one.kind == "new_fingerprint")
    assert (planted.NEW, planted.NEW_SIZE) == (new.subject, new.observed)


def test_the_peak_hours_are_found(found: ErrorPatterns) -> None:
    """Also through the spike of one night; there is a daily cycle, and no weekly one."""
    times = found.patterns.temporal
    assert planted.PEAK_HOURS == times.peak_hours
    assert ((), ()) == (times.peak_days, times.quiet_days)
    assert times.daily_cycle is not None
    assert times.weekly_cycle is not None
    assert (True, False) == (times.daily_cycle.significant, times.weekly_cycle.significant)


def test_what_comes_together_is_found(found: ErrorPatterns) -> None:
    """And nothing else in the same run; what only one environment has is so far from chance both ways."""
    (pair,) = found.correlations.same_run.pairs
    assert ("auth", "quota", 12, 12, 12, 22) == (
        pair.value,
        pair.other_value,
        pair.together,
        pair.seen,
        pair.other_seen,
        pair.total,
    )
    assert ("more", pytest.approx(22 / 12, rel=1e-5)) == (pair.significant, pair.lift)
    sides = {(one.value, one.other_value): one.significant for one in found.correlations.type_environment.pairs}
    assert "more" == sides["dependency", "staging"]


def test_insights_name_what_was_planted(found: ErrorPatterns, evidence: dict[str, dict[str, object]]) -> None:
    """With its figures."""
    calls, failures = planted.CALLS["staging"]
    assert {
        "environment": "staging",
        "calls": calls,
        "failures": failures,
        "failures_elsewhere": 4,
    }.items() <= evidence["problematic_environment"].items()
    for kind, name in (("recipe_helps_not", "clean"), ("recipe_helps", "install")):
        tries, successes = planted.RECIPES[name]
        assert {"recipe": name, "tries": tries, "successes": successes}.items() <= evidence[kind].items()
    for kind, name in (("reruns_help_not", "configuration"), ("reruns_help", "network")):
        tries, successes = planted.RERUNS[name]
        assert {"type": name, "tries": tries, "successes": successes}.items() <= evidence[kind].items()
    window = Counter(one.type for one in planted.list_planted() if one.time >= planted.SINCE)
    assert {"type": "network", "count": window["network"]}.items() <= evidence["most_common_error"].items()
    assert evidence["frequency_spike"]["observed"] == next(
        one.observed for one in found.anomalies if one.kind == "frequency_spike"
    )
    assert "critical" == evidence["severity_shift"]["subject"]
    assert planted.BACK == evidence["regressed_cause"]["fingerprint"]
    assert planted.QUIET == evidence["gone_quiet"]["fingerprint"]
    assert "peak_hours" in evidence
    assert "peak_days" not in evidence


def test_calls_are_not_compared_where_a_type_is_asked_for(planted_store: Store) -> None:
    """They have none."""
    found = analyze_patterns(planted_store, "7d", filters={"type": ["network", "test"]}, now=planted.NOW)
    assert "problematic_environment" not in {one.kind for one in found.insights}


def test_what_became_critical_is_told_by_trends(trends: ErrorTrends) -> None:
    """Against the week before."""
    assert trends.changes is not None
    critical = next(one for one in trends.changes.by_severity if one.value == "critical")
    assert "increasing" == critical.direction
    assert "increasing_critical_errors" in {one.kind for one in trends.insights}


def test_a_forecast_is_given_with_how_it_did(trends: ErrorTrends) -> None:
    """Ten weeks are enough for one of a week."""
    assert trends.prediction is not None
    test = trends.prediction.backtest
    assert len(test.trials) > 40
    counts = [one.time for one in planted.list_planted()]
    for trial in test.trials[:5]:
        until = trial.since + timedelta(days=7)
        assert sum(trial.since <= time < until for time in counts) == trial.observed
        assert sum(trial.since - timedelta(days=7) <= time < trial.since for time in counts) == trial.naive
        assert (trial.low <= trial.observed <= trial.high) == trial.hit
    size = len(test.trials)
    assert pytest.approx(sum(one.hit for one in test.trials) / size, rel=1e-5) == test.coverage
    miss = sum(abs(one.expected - one.observed) for one in test.trials) / size
    naive = sum(abs(one.naive - one.observed) for one in test.trials) / size
    assert pytest.approx((miss, naive), rel=1e-4) == (test.mean_absolute_error, test.naive_mean_absolute_error)
    assert trends.prediction.low <= trends.prediction.predicted_error_count <= trends.prediction.high


def test_the_level_is_found_where_it_changed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Twice as much from one day on; before and after it nothing."""
    until = planted.START + timedelta(days=28)
    with Store(tmp_path_factory.mktemp("levels") / "store") as store:
        for day in range(28):
            size = 6 + day % 3 if day < 18 else 20 + day % 4
            store.record_many(
                Outcome(f"{day}-{number}", "boom", time=planted.START + timedelta(days=day, minutes=57 * number))
                for number in range(size)
            )
        told = analyze_trends(store, "7d", now=until)
    (point,) = told.change_points
    assert planted.START + timedelta(days=18) == point.since
    assert (7.0, 21.7) == (point.rate_before, point.rate_after)
    assert ("level_changed", 28) == (told.insights[-1].kind, len(told.days.counts))
    assert "increasing" == told.direction
    assert "42 days" in told.not_judged["prediction"]


def test_a_quiet_history_tells_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One failure of one of two causes every three hours, the same for weeks."""
    with Store(tmp_path_factory.mktemp("flat") / "store") as store:
        store.record_many(
            Outcome(
                f"{number}",
                "boom",
                time=planted.START + timedelta(hours=3 * number, minutes=number % 50),
                fingerprint=f"{number % 2:016x}",
                context=Context(environment=("production", "staging")[number // 2 % 2], operation="deploy"),
                decision=decide(("network", "test")[number % 2]),
            )
            for number in range(8 * 50)
        )
        now = planted.START + timedelta(days=49)
        found, trends = analyze_patterns(store, "7d", now=now), analyze_trends(store, "7d", now=now)
    assert ((), ()) == (found.anomalies, trends.change_points)
    assert ((), ()) == (found.patterns.temporal.peak_days, found.patterns.temporal.quiet_days)
    assert {None} == {one.significant for one in found.correlations.type_environment.pairs}
    assert (0, 0, 2, 0) == (
        found.fingerprints.new.causes,
        found.fingerprints.regressed.causes,
        found.fingerprints.recurring.causes,
        found.fingerprints.gone_quiet.causes,
    )
    assert set() == {one.kind for one in trends.insights} - {"forecast_is_poor"}
    assert trends.prediction is not None
    assert trends.prediction.low <= 56 <= trends.prediction.high


def test_rare_causes_that_come_again_are_no_news(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of many that come once in a while some were silent for long: they are listed, and nothing is made of it."""
    with Store(tmp_path_factory.mktemp("rare") / "store") as store:
        store.record_many(
            Outcome(
                f"{cause}-{number}",
                "boom",
                time=planted.START + timedelta(days=(cause * 37 + number * number * 11) % 70, hours=cause % 24),
                fingerprint=f"{cause:016x}",
            )
            for cause in range(200)
            for number in range(4)
        )
        found = analyze_patterns(store, "7d", now=planted.NOW)
    assert found.fingerprints.regressed.causes > 20
    assert set() == {"regressed_cause", "gone_quiet"} & {one.kind for one in found.insights}
