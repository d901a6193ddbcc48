"""How many failures an hour usually has, by the hour of the day and the day of the week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .counts_law import find_dispersion
from .slots import DAYS_A_WEEK, HOURS_A_DAY, Slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .slots import Numbers

HOURS_NEEDED: Final = 72
"""So many hours have to be known before anything is called usual."""
_WEEKS_HOURS: Final = 14 * HOURS_A_DAY
"""Days of the week are told apart when each was seen twice."""
_ROUNDS = 6
_REACH, _SPARE = 8.0, 3.0
"""A count counts for no more than so many standard deviations, and so many failures, above what is usual: an outage of
the past is not usual. On quiet data nothing is cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Hold what is usual: a level per hour, times a factor for the hour of the day and one for the day of the week."""

    level: float
    by_hour: Numbers
    by_weekday: Numbers
    dispersion: float
    """How many times as much as by Poisson's law counts vary around what is expected, at least 1."""
    level_doubt: float
    """Squared relative standard error of the level; so are the following, of the factors."""
    hour_doubt: Numbers
    weekday_doubt: Numbers
    hours: float
    """How many hours it was learnt from."""

    def expect(self, slots: Slots) -> Numbers:
        """Return how many failures the slots would usually have."""
        factors = self.by_hour[slots.hours] * self.by_weekday[slots.weekdays]
        found: Numbers = self.level * slots.exposures * factors
        return found

    def vary(self, slots: Slots) -> Numbers:
        """Return the variance of each count around what is expected, what the expectation may be wrong by included."""
        mean = self.expect(slots)
        doubt = self.level_doubt + self.hour_doubt[slots.hours] + self.weekday_doubt[slots.weekdays]
        found: Numbers = self.dispersion * mean + doubt * mean**2
        return found

    def vary_sum(self, slots: Slots) -> float:
        """Return the variance of all the slots' counts together; what is wrong for one hour is so on each day."""
        import numpy as np

        mean = self.expect(slots)
        total = float(mean.sum())
        hours = np.bincount(slots.hours, mean, HOURS_A_DAY)
        weekdays = np.bincount(slots.weekdays, mean, DAYS_A_WEEK)
        doubt = self.hour_doubt @ hours**2 + self.weekday_doubt @ weekdays**2
        return self.dispersion * total + self.level_doubt * total**2 + float(doubt)


def fit_baseline(slots: Slots) -> Baseline:
    """Return what is usual by these slots, outages among them cut off.

    Factors are drawn towards 1 by as much as chance may explain them (empirical Bayes, by moments), so that there are
    none where there is no daily or weekly cycle. The dispersion is Pearson's; it starts at 1 and grows, so that a
    single outage does not pass for a wide spread.
    """
    import numpy as np

    counts, fitted = slots.counts, _fit(slots, slots.counts, 1.0)
    for _ in range(_ROUNDS):
        usual = fitted.expect(slots)
        counts = np.minimum(slots.counts, usual + _REACH * np.sqrt(fitted.dispersion * usual) + _SPARE)
        fitted = _fit(slots, counts, _measure_dispersion(fitted, slots, counts))
    return fitted


def _fit(slots: Slots, counts: Numbers, dispersion: float) -> Baseline:
    import numpy as np

    known = float(slots.exposures.sum())
    total = float(counts.sum()) + 0.5  # so that one failure where there were none before is a surprise with an end
    level = total / known
    base = level * slots.exposures
    by_hour, hour_doubt = _find_factors(counts, base, slots.hours, HOURS_A_DAY, dispersion)
    base = base * by_hour[slots.hours]
    by_weekday, weekday_doubt = np.ones(DAYS_A_WEEK), np.zeros(DAYS_A_WEEK)
    if known >= _WEEKS_HOURS:
        by_weekday, weekday_doubt = _find_factors(counts, base, slots.weekdays, DAYS_A_WEEK, dispersion)
        base = base * by_weekday[slots.weekdays]
    return Baseline(
        level * total / float(base.sum()),
        by_hour,
        by_weekday,
        dispersion,
        dispersion / total,
        hour_doubt,
        weekday_doubt,
        known,
    )


def _find_factors(
    counts: Numbers, base: Numbers, groups: NDArray[Any], size: int, dispersion: float
) -> tuple[Numbers, Numbers]:
    """Return the factor of each group of slots and its squared standard error; groups that are not known have 1."""
    import numpy as np

    seen, usual = np.bincount(groups, counts, size), np.bincount(groups, base, size)
    known = usual > 0
    ratios, noise = np.ones(size), np.zeros(size)
    ratios[known], noise[known] = seen[known] / usual[known], dispersion / usual[known]
    spread = _weigh((ratios - 1) ** 2 - noise, usual)
    weights = spread / (spread + noise) if spread > 0 else np.zeros(size)
    return 1 + weights * (ratios - 1), weights * noise


def _weigh(values: NDArray[Any], weights: NDArray[Any]) -> float:
    total = float(weights.sum())
    return max(float((values * weights).sum()) / total, 0.0) if total else 0.0


def _measure_dispersion(fitted: Baseline, slots: Slots, counts: Numbers) -> float:
    usual = fitted.expect(slots)
    known = usual > 0
    squares = float(((counts[known] - usual[known]) ** 2 / usual[known]).sum())
    return find_dispersion(squares, int(known.sum()) - HOURS_A_DAY)
