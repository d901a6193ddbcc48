"""How many failures the next period will have, and how well that would have been foretold in the past."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .baseline import Baseline, fit_baseline
from .counts_law import find_dispersion, find_interval, find_upper_tail
from .slots import DAYS_A_WEEK, HOURS_A_DAY, Slots

if TYPE_CHECKING:
    from .slots import Numbers

TRAINING_HOURS: Final = 28 * HOURS_A_DAY
"""What is usual is learnt from so many hours, or from one period if that is longer."""
LEAST_TRAINING: Final = 14 * HOURS_A_DAY
ORIGINS_NEEDED: Final = 8
"""A forecast has to be tried on so many periods of the past at least, ..."""
PERIODS_NEEDED: Final = 4
"""... which reach over so many whole ones."""
_MOST_ORIGINS: Final = 60
_STEP_PERIODS: Final = 30 * HOURS_A_DAY
"""Periods that are longer are tried every so many days."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """Hold what was said of one period."""

    expected: float
    low: int
    high: int
    variance: float


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold what would have been said of one period of the past, and what came."""

    slot: int
    """Number of the first slot of the period."""
    expected: float
    low: int
    high: int
    naive: int
    """The count of the period before, as a forecast."""
    observed: int

    @property
    def hit(self) -> bool:
        """Whether the interval held what came."""
        return self.low <= self.observed <= self.high


def hours_needed(period: int) -> int:
    """Return how many hours have to be known for a forecast of so many."""
    return _training_least(period) + max((ORIGINS_NEEDED - 1) * _step(period) + period, PERIODS_NEEDED * period)


def hours_used(period: int) -> int:
    """Return how many hours of the past serve at most."""
    return max(TRAINING_HOURS, period) + (_count_origins(period) - 1) * _step(period) + period


def try_forecasts(slots: Slots, period: int) -> list[Trial]:
    """Return what would have been said of periods of the past, oldest first, each from what was known before it.

    ``period``: hours. The last period ends with the last slot. Intervals are widened by how far off the forecasts
    before were, as for the one to come.
    """
    starts = range(len(slots) - period, _training_least(period) - 1, -_step(period))[: _count_origins(period)]
    trials: list[Trial] = []
    for start in reversed(starts):
        told = foretell(slots, start, period, trials)
        naive = int(slots.counts[start - period : start].sum())
        observed = int(slots.counts[start : start + period].sum())
        trials.append(Trial(start, told.expected, told.low, told.high, naive, observed))
    return trials


def foretell(slots: Slots, start: int, period: int, trials: Sequence[Trial]) -> Foretold:
    """Return what is to be expected of the ``period`` hours from slot ``start`` on, by the slots before it.

    ``trials``: earlier forecasts; those whose period was over by then say how far off a forecast may be.
    """
    training = slots.cut(max(start - max(TRAINING_HOURS, period), 0), start)
    baseline, ahead = fit_baseline(training), _lay_ahead(slots, start, period)
    mean = float(baseline.expect(ahead).sum())
    over = [trial for trial in trials if trial.slot + period <= start]
    more = _vary_blocks(training, ahead, baseline, min(period, HOURS_A_DAY)) - baseline.dispersion * mean
    variance = max(baseline.vary_sum(ahead) + max(more, 0.0), mean * _measure_misses(over))
    return Foretold(mean, *find_interval(mean, variance), variance)


def find_chance_of_more(told: Foretold, count: int) -> float:
    """Return how probable it is that more than ``count`` come."""
    return find_upper_tail(count + 1, told.expected, told.variance)


def _measure_misses(trials: Sequence[Trial]) -> float:
    """Return the mean squared miss over what was expected; widened a little, since there are few to learn it from."""
    if len(trials) < 3:
        return 0.0
    misses = [(trial.observed - trial.expected) ** 2 / max(trial.expected, 0.5) for trial in trials]
    return math.fsum(misses) / (len(trials) - 2)


def _vary_blocks(training: Slots, ahead: Slots, baseline: Baseline, size: int) -> float:
    """Return the variance of what is ahead by how blocks of so many hours varied: hours of a bad day are bad together.

    The larger of what a variance in proportion to the mean makes of it, and one in proportion to its square.
    """
    blocks = len(training) // size
    seen = _sum_blocks(training.counts, size)
    usual = _sum_blocks(baseline.expect(training), size)
    freedom, wanted = blocks - DAYS_A_WEEK, _sum_blocks(baseline.expect(ahead), size)
    if freedom <= 0:
        return 0.0
    misses = (seen - usual) ** 2
    dispersion = find_dispersion(float((misses / usual).sum()), freedom)
    beyond = max(float(misses.sum()) * blocks / freedom - float(usual.sum()), 0.0) / float((usual**2).sum())
    mean = float(wanted.sum())
    return max(dispersion * mean, mean + beyond * float((wanted**2).sum()))


def _sum_blocks(values: Numbers, size: int) -> Numbers:
    """Return the sums of blocks of so many values; what is left over at the beginning is left out."""
    start = len(values) % size
    found: Numbers = values[start:].reshape(-1, size).sum(axis=1)
    return found


def _lay_ahead(slots: Slots, start: int, period: int) -> Slots:
    import numpy as np

    return Slots(slots.begin(start), np.zeros(period), np.ones(period))


def _training_least(period: int) -> int:
    return max(LEAST_TRAINING, period)


def _step(period: int) -> int:
    """Return every how many hours a period is tried: whole ones that do not overlap are few where they are long."""
    return min(period, HOURS_A_DAY * max(1, period // _STEP_PERIODS))


def _count_origins(period: int) -> int:
    """Return on how many periods of the past a forecast is tried at most."""
    return max(_MOST_ORIGINS, (PERIODS_NEEDED - 1) * period // _step(period) + 1)
