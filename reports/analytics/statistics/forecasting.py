"""How many failures the next period will have, and how well that would have been foretold in the past."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .baseline import Baseline, fit_baseline
from .counts_law import find_dispersion, find_interval, find_upper_tail
from .slots import DAYS_A_WEEK, HOURS_A_DAY, Slots

TRAINING_HOURS: Final = 28 * HOURS_A_DAY
"""What is usual is learnt from so many hours, or from one period if that is longer."""
LEAST_TRAINING: Final = 14 * HOURS_A_DAY
ORIGINS_NEEDED: Final = 8
"""A forecast has to be tried on so many periods of the past at least, ..."""
PERIODS_NEEDED: Final = 4
"""... which reach over so many whole ones."""
MOST_ORIGINS: Final = 60


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


def try_forecasts(slots: Slots, period: int) -> list[Trial]:
    """Return what would have been said of periods of the past, oldest first, each from what was known before it.

    ``period``: hours. The last period ends with the last slot. Intervals are widened by how far off the forecasts
    before were, as for the one to come.
    """
    starts = range(len(slots) - period, _training_least(period) - 1, -_step(period))[:MOST_ORIGINS]
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
    more = max(_measure_blocks(training, baseline, _step(period)) - baseline.dispersion, 0.0) * mean
    variance = max(baseline.vary_sum(ahead) + more, mean * _measure_misses(over))
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


def _measure_blocks(training: Slots, baseline: Baseline, size: int) -> float:
    """Return the dispersion of blocks of so many hours: hours of a bad day are bad together."""
    blocks = len(training) // size
    start = len(training) - blocks * size
    seen = training.counts[start:].reshape(blocks, size).sum(axis=1)
    usual = baseline.expect(training)[start:].reshape(blocks, size).sum(axis=1)
    return find_dispersion(float(((seen - usual) ** 2 / usual).sum()), blocks - DAYS_A_WEEK)


def _lay_ahead(slots: Slots, start: int, period: int) -> Slots:
    import numpy as np

    return Slots(slots.begin(start), np.zeros(period), np.ones(period))


def _training_least(period: int) -> int:
    return max(LEAST_TRAINING, period)


def _step(period: int) -> int:
    """Periods of more than a day are tried every day: whole ones that do not overlap are few."""
    return min(period, HOURS_A_DAY)
