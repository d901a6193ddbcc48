"""The laws and tests that analytics rest on, against scipy's own and by simulation with fixed seeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats

from errclass.reports.analytics.statistics.adjusting import adjust_p_values
from errclass.reports.analytics.statistics.baseline import fit_baseline
from errclass.reports.analytics.statistics.change_points import find_changes
from errclass.reports.analytics.statistics.counts_law import find_interval, find_upper_tail
from errclass.reports.analytics.statistics.cycles import (
    find_daily_cycle,
    find_weekly_cycle,
    judge_slots,
    take_whole_days,
)
from errclass.reports.analytics.statistics.forecasting import foretell, hours_needed, try_forecasts
from errclass.reports.analytics.statistics.matching import compare_slots
from errclass.reports.analytics.statistics.shares import judge_pair, judge_share
from errclass.reports.analytics.statistics.slots import Slots, join_slots, lay_slots
from errclass.reports.analytics.statistics.spikes import find_spikes

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
RUNS = 200
MOST = 18
"""So many false alarms in 200 are what 5 % come to with a probability of 99 %: a test that keeps its promise passes."""
Draw = Callable[[Any, int], Any]
FLAT: dict[str, Draw] = {
    "few": lambda chance, size: chance.poisson(0.1, size),
    "usual": lambda chance, size: chance.poisson(3, size),
    "many": lambda chance, size: chance.poisson(80, size),
    "scattered": lambda chance, size: chance.negative_binomial(2.5, 1 / 3, size),
}


def lay(counts: Any) -> Slots:
    return Slots(MONDAY, np.asarray(counts, float), np.ones(len(counts)))


@pytest.fixture(params=FLAT)
def draw(request: pytest.FixtureRequest) -> Draw:
    """Counts by the hour that nothing changes."""
    return FLAT[request.param]


@pytest.mark.parametrize(("mean", "variance"), [(0.2, 0.2), (5, 5), (5, 20), (300, 301), (40, 4000)])
def test_the_tail_of_counts_is_that_of_the_law(mean: float, variance: float) -> None:
    """Poisson's, or the negative binomial one with that mean and variance."""
    size = mean * mean / (variance - mean) if variance > mean else 0
    law = stats.nbinom(size, mean / variance) if size else stats.poisson(mean)
    for count in (0, 1, 2, 5, 17, 60, 333):
        assert pytest.approx(law.sf(count - 1), rel=1e-9, abs=1e-300) == find_upper_tail(count, mean, variance)
    assert (law.ppf(0.025), law.ppf(0.975)) == find_interval(mean, variance)


def test_where_nothing_is_expected_nothing_comes() -> None:
    """And a single one is impossible."""
    assert (1.0, 0.0) == (find_upper_tail(0, 0, 0), find_upper_tail(1, 0, 0))
    assert (0, 0) == find_interval(0, 0)


@pytest.mark.parametrize(
    ("together", "seen", "other", "total"),
    [(3, 5, 6, 20), (0, 5, 6, 20), (5, 5, 6, 20), (1, 1, 1, 1), (40, 60, 500, 900), (7, 12, 900_000, 1_000_000)],
)
def test_pairs_are_judged_by_the_hypergeometric_tails(together: int, seen: int, other: int, total: int) -> None:
    """As Fisher's exact test does on each side."""
    table = [[together, seen - together], [other - together, total - seen - other + together]]
    expected = [stats.fisher_exact(table, alternative=side).pvalue for side in ("greater", "less")]
    assert pytest.approx(expected, rel=1e-6) == list(judge_pair(together, seen, other, total))


@pytest.mark.parametrize(("count", "total", "share"), [(3, 10, 0.5), (0, 10, 0.1), (10, 10, 0.9), (30, 100, 1 / 24)])
def test_shares_are_judged_by_the_binomial_tails(count: int, total: int, share: float) -> None:
    """The smaller one, doubled."""
    law = stats.binom(total, share)
    assert pytest.approx(min(1, 2 * min(law.cdf(count), law.sf(count - 1)))) == judge_share(count, total, share)


def test_many_tests_are_adjusted_as_scipy_does() -> None:
    """By Benjamini and Hochberg; of a larger family where only the smallest are at hand."""
    values = [0.04, 0.001, 0.3, 0.02, 0.02, 1.0]
    assert pytest.approx(stats.false_discovery_control(values)) == adjust_p_values(values)
    assert pytest.approx(stats.false_discovery_control([*sorted(values), *[1.0] * 14])[:3]) == adjust_p_values(
        sorted(values)[:3], 20
    )
    assert [] == adjust_p_values([])


@pytest.mark.parametrize("hours", [24, 168])
def test_flat_counts_have_no_spike(draw: Draw, hours: int) -> None:
    """In at most one of twenty windows, whatever their level and spread."""
    chance, history = np.random.default_rng(7), 28 * 24
    alarms = 0
    for _ in range(RUNS):
        slots = lay(draw(chance, history + hours))
        alarms += bool(find_spikes(slots.cut(history), fit_baseline(slots.cut(0, history))))
    assert alarms <= MOST


def test_the_daily_peak_is_no_spike() -> None:
    """It is what was to be expected at that hour."""
    chance, day = np.random.default_rng(8), 1 + 30 * np.exp(-(((np.arange(24) - 14) / 2) ** 2))
    alarms = 0
    for _ in range(RUNS):
        slots = lay(chance.poisson(np.tile(day, 29)))
        alarms += bool(find_spikes(slots.cut(28 * 24), fit_baseline(slots.cut(0, 28 * 24))))
    assert alarms <= MOST


def test_a_spike_is_found_where_it_was_put() -> None:
    """At night, where as many would be usual at noon; an outage of the past does not hide it."""
    chance, day = np.random.default_rng(9), 1 + 30 * np.exp(-(((np.arange(24) - 14) / 2) ** 2))
    found = []
    for _ in range(20):
        counts = chance.poisson(np.tile(day, 29))
        counts[200:204] += 400
        counts[28 * 24 + 3 : 28 * 24 + 5] += 20
        slots = lay(counts)
        spikes = find_spikes(slots.cut(28 * 24), fit_baseline(slots.cut(0, 28 * 24)))
        found.append([(spike.first, spike.last) for spike in spikes])
    assert found.count([(3, 4)]) >= 18


def test_a_spike_shows_what_proves_it() -> None:
    """Observed lies far above the interval of what is usual."""
    counts = np.full(29 * 24, 2.0)
    counts[28 * 24 + 5 : 28 * 24 + 7] = 30
    slots = lay(counts)
    (spike,) = find_spikes(slots.cut(28 * 24), fit_baseline(slots.cut(0, 28 * 24)))
    assert (5, 6, 60) == (spike.first, spike.last, spike.observed)
    assert pytest.approx(4, abs=0.1) == spike.expected
    assert spike.low <= spike.expected <= spike.high < spike.observed
    assert pytest.approx(stats.poisson(2).sf(29), rel=9) == spike.p_value
    assert spike.p_value <= spike.q_value < 1e-10


@pytest.mark.parametrize(("days", "window"), [(8, 1), (29, 1), (35, 7)])
def test_flat_counts_have_no_peak_hour_and_no_cycle(draw: Draw, days: int, window: int) -> None:
    """In at most one of twenty histories."""
    chance = np.random.default_rng(10)
    peaks = daily = weekly = 0
    for _ in range(RUNS):
        counts = draw(chance, days * 24).reshape(days, 24).astype(float)
        cycle = find_daily_cycle(counts)
        daily += cycle is not None and cycle.p_value <= 0.05
        peaks += any(
            one.stands_out
            for one in judge_slots(counts[-window:].sum(axis=0), np.ones(24), cycle.dispersion if cycle else None)
        )
        week = find_weekly_cycle(counts.sum(axis=1), np.arange(days) % 7)
        weekly += week is not None and week.p_value <= 0.05
    assert max(peaks, daily, weekly) <= MOST


def test_flat_days_of_unequal_level_have_no_peak_hour() -> None:
    """A bad day is no cycle."""
    chance, peaks = np.random.default_rng(11), 0
    for _ in range(RUNS):
        counts = chance.poisson(np.repeat(chance.gamma(2, 2, 28), 24)).reshape(28, 24).astype(float)
        cycle = find_daily_cycle(counts)
        assert cycle is not None
        peaks += any(one.stands_out for one in judge_slots(counts.sum(axis=0), np.ones(24), cycle.dispersion))
    assert peaks <= MOST


def test_planted_cycles_are_found() -> None:
    """With their strength: the share of the variation that they explain."""
    chance, hours, days = np.random.default_rng(12), np.full(24, 2.0), np.array([1.5] * 5 + [0.2] * 2)
    hours[[9, 10]] = 12
    hours[3] = 0.2
    counts = np.array([chance.poisson(hours * days[number % 7]) for number in range(56)]).astype(float)
    daily, weekly = find_daily_cycle(counts), find_weekly_cycle(counts.sum(axis=1), np.arange(56) % 7)
    assert daily is not None
    assert weekly is not None
    assert max(daily.p_value, weekly.p_value) < 1e-6
    assert daily.strength > 0.5
    assert weekly.strength > 0.5
    judged = judge_slots(counts.sum(axis=0), np.ones(24), daily.dispersion)
    assert {9, 10} == {number for number, one in enumerate(judged) if one.stands_out and one.count > one.expected}
    assert judged[3].stands_out


def test_a_cycle_is_not_looked_for_in_too_little() -> None:
    """Nor where nothing failed."""
    assert find_daily_cycle(np.ones((6, 24))) is None
    assert find_weekly_cycle(np.ones(13), np.arange(13) % 7) is None
    assert find_daily_cycle(np.zeros((9, 24))) is None
    assert find_weekly_cycle(np.zeros(14), np.arange(14) % 7) is None
    assert [None] * 24 == [one.q_value for one in judge_slots(np.ones(24), np.ones(24), None)]


@pytest.mark.parametrize("days", [10, 28, 60])
def test_flat_counts_have_no_change_point(draw: Draw, days: int) -> None:
    """In at most one of twenty rows."""
    chance = np.random.default_rng(13)
    alarms = sum(bool(find_changes(draw(chance, days).astype(float), np.ones(days))) for _ in range(RUNS))
    assert alarms <= MOST


def test_weekends_are_no_change_points() -> None:
    """Where the days of the week are told apart."""
    chance, days = np.random.default_rng(14), np.tile([1.3] * 5 + [0.25] * 2, 6)
    alarms = sum(bool(find_changes(chance.poisson(10 * days).astype(float), days)) for _ in range(RUNS))
    assert alarms <= MOST


def test_planted_change_points_are_found() -> None:
    """Where they are, to a day or so, and with the levels before and after."""
    chance, near, exact = np.random.default_rng(15), 0, 0
    for _ in range(40):
        counts = np.concatenate([chance.poisson(rate, 14) for rate in (10, 30, 6)]).astype(float)
        changes = find_changes(counts, np.ones(42))
        places = [change.slot for change in changes]
        near += len(places) == 2 and abs(places[0] - 14) <= 1 and abs(places[1] - 28) <= 1
        exact += places == [14, 28]
        for change in changes:
            assert (change.rate_before, change.rate_after) == pytest.approx(_rates(counts, places, change.slot))
    assert near >= 34
    assert exact >= 20


def _rates(counts: Any, places: list[int], at: int) -> tuple[float, float]:
    ends = [0, *places, len(counts)]
    number = ends.index(at)
    return counts[ends[number - 1] : at].mean(), counts[at : ends[number + 1]].mean()


@pytest.mark.parametrize(("period", "days"), [(24, 56), (168, 70), (6, 30)])
def test_intervals_of_forecasts_hold(draw: Draw, period: int, days: int) -> None:
    """95 % of what comes lies in them, in the past and in the period to come; counts are whole, so rather more."""
    chance, held, tried, ahead = np.random.default_rng(16), 0, 0, 0
    runs = 15
    for _ in range(runs):
        counts = draw(chance, days * 24 + period)
        slots = lay(counts[: days * 24])
        trials = try_forecasts(slots, period)
        told = foretell(slots, len(slots), period, trials)
        ahead += told.low <= counts[days * 24 :].sum() <= told.high
        held, tried = held + sum(trial.hit for trial in trials), tried + len(trials)
    assert held / tried >= 0.93
    assert ahead >= runs - 3


@pytest.mark.parametrize("period", [6, 24])
def test_a_forecast_knows_the_hour_and_the_day(period: int) -> None:
    """So it is better than the count of the period before; hours of a bad day are bad together, and it knows that."""
    chance, day = np.random.default_rng(17), 1 + 20 * np.exp(-(((np.arange(24) - 14) / 3) ** 2))
    week = np.concatenate([day * factor for factor in (1, 1, 1, 1, 1, 0.1, 0.1)])
    trials = []
    for _ in range(6):
        levels = np.repeat(chance.gamma(25, 1 / 25, 70), 24)
        trials += try_forecasts(lay(chance.poisson(np.tile(week, 10) * levels)), period)
    miss = np.mean([abs(trial.expected - trial.observed) for trial in trials])
    assert miss < 0.5 * np.mean([abs(trial.naive - trial.observed) for trial in trials])
    assert np.mean([trial.hit for trial in trials]) >= 0.93


@pytest.mark.parametrize("period", [1, 24, 168, 720])
def test_a_trial_knows_only_what_was_before_it(period: int) -> None:
    """What came later changes nothing; and as many hours as are asked for are enough for enough trials."""
    size = hours_needed(period)
    slots = lay(np.random.default_rng(18).poisson(2, size))
    trials = try_forecasts(slots, period)
    assert len(trials) >= 8
    assert size == trials[-1].slot + period
    assert trials[-1].slot + period - trials[0].slot >= 4 * period
    middle = trials[len(trials) // 2]
    changed = lay(np.where(np.arange(size) < middle.slot, slots.counts, 99))
    again = foretell(changed, middle.slot, period, trials[: len(trials) // 2])
    assert (middle.expected, middle.low, middle.high) == (again.expected, again.low, again.high)


def test_two_periods_are_compared_slot_by_slot() -> None:
    """What both have in common, such as a daily cycle, is no spread; Pearson's statistic is that of the table."""
    now, before = [4, 40, 9, 0, 12], [3, 46, 7, 0, 9]
    table = np.array([now, before])[:, [0, 1, 2, 4]]
    squares = stats.chi2_contingency(table, correction=False)
    spread = compare_slots(now, before)
    assert pytest.approx((max(1, squares.statistic / 3), squares.pvalue)) == (spread.dispersion, spread.p_value)
    assert compare_slots([5, 0], [0, 90]).variation > 1
    assert 1.0 == compare_slots([0, 0], [3, 4]).dispersion


def test_slots_are_laid_by_the_clock() -> None:
    """Hours of which a part is known count for that part; whole days are those of which each hour is known."""
    since, until = MONDAY + timedelta(hours=22, minutes=30), MONDAY + timedelta(days=2, hours=1, minutes=15)
    slots = lay_slots({0: 4, 2: 1}, MONDAY + timedelta(hours=22), since, until)
    assert 28 == len(slots)
    assert (0.5, 1.0, 0.25) == (slots.exposures[0], slots.exposures[1], slots.exposures[-1])
    assert [22, 23, 0, 1] == list(slots.hours[:4])
    assert [0, 0, 1, 1] == list(slots.weekdays[:4])
    days, weekdays = take_whole_days(slots)
    assert ([1], [[1.0] + [0.0] * 23]) == (list(weekdays), days.tolist())


def test_slots_that_share_an_hour_are_joined() -> None:
    """It is known as far as both know it."""
    middle = MONDAY + timedelta(hours=3, minutes=15)
    before = lay_slots({1: 2, 3: 1}, MONDAY, MONDAY, middle)
    after = lay_slots({0: 5, 1: 7}, MONDAY + timedelta(hours=3), middle, MONDAY + timedelta(hours=5))
    joined = join_slots(before, after)
    assert ([0, 2, 0, 6, 7], [1, 1, 1, 1, 1]) == (list(joined.counts), list(joined.exposures))
    apart = lay_slots({0: 5}, MONDAY + timedelta(hours=4), MONDAY + timedelta(hours=4), MONDAY + timedelta(hours=5))
    assert [0, 2, 0, 0, 5] == list(join_slots(lay_slots({1: 2}, MONDAY, MONDAY, apart.first), apart).counts)
