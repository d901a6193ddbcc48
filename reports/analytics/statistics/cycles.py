"""Hours of the day and days of the week: whether there is a cycle, how strong it is, and which of them stand out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .adjusting import LEVEL, adjust_p_values
from .counts_law import find_dispersion
from .shares import judge_share
from .slots import DAYS_A_WEEK, HOURS_A_DAY, Slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .slots import Numbers

DAYS_NEEDED: Final = 7
WEEKS_NEEDED: Final = 2
"""So many whole days and weeks have to be known before a cycle is looked for."""
_WHOLE = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Cycle:
    """Hold what is known of a cycle."""

    p_value: float
    """How probable so different slots are where there is no cycle: an F-test of the over-dispersed counts."""
    strength: float
    """Share of the variation that the cycle explains, 0 to 1, adjusted for what it explains by chance."""
    dispersion: float
    """How many times as much as by Poisson's law counts vary beside the cycle, at least 1."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold how one hour or day compares with the others."""

    count: float
    expected: float
    """By its share of the time."""
    p_value: float | None
    """None where it was not judged."""
    q_value: float | None

    @property
    def stands_out(self) -> bool:
        """Whether that is more than chance."""
        return self.q_value is not None and self.q_value <= LEVEL


def take_whole_days(slots: Slots) -> tuple[Numbers, NDArray[Any]]:
    """Return the days of the clock of which each hour is known: counts, a row each, and the days of the week."""
    start = -slots.first.hour % HOURS_A_DAY
    size = max(len(slots) - start, 0) // HOURS_A_DAY
    part = slots.cut(start, start + size * HOURS_A_DAY)
    whole = (part.exposures >= _WHOLE).reshape(size, HOURS_A_DAY).all(axis=1)
    found: Numbers = part.counts.reshape(size, HOURS_A_DAY)[whole]
    return found, part.weekdays[::HOURS_A_DAY][whole]


def find_daily_cycle(days: Numbers) -> Cycle | None:
    """Return the cycle of the hours of the day, beside each day's own level; None of too few days or failures."""
    days = days[days.sum(axis=1) > 0]
    if len(days) < DAYS_NEEDED:
        return None
    level = days.mean(axis=1, keepdims=True)
    shares = days.sum(axis=0) / days.sum()
    usual = shares * days.sum(axis=1, keepdims=True)
    freedom = (len(days) - 1) * (HOURS_A_DAY - 1)
    hits = usual > 0
    squares = float(((days - usual)[hits] ** 2 / usual[hits]).sum())
    between = float(((shares * HOURS_A_DAY - 1) ** 2).sum() * days.sum() / HOURS_A_DAY)
    left, all_of_it = float(((days - usual) ** 2).sum()), float(((days - level) ** 2).sum())
    explained = _adjust(left, freedom, all_of_it, len(days) * (HOURS_A_DAY - 1))
    return _describe(between, HOURS_A_DAY - 1, squares, freedom, explained)


def find_weekly_cycle(totals: Numbers, weekdays: NDArray[Any]) -> Cycle | None:
    """Return the cycle of the days of the week in totals by day; None of fewer than two whole weeks, or no failures."""
    import numpy as np

    if len(totals) < WEEKS_NEEDED * DAYS_A_WEEK or not totals.sum():
        return None
    sizes = np.bincount(weekdays, minlength=DAYS_A_WEEK)
    means = np.bincount(weekdays, totals, DAYS_A_WEEK) / np.maximum(sizes, 1)
    usual, mean = means[weekdays], float(totals.mean())
    freedom = len(totals) - DAYS_A_WEEK
    hits = usual > 0
    squares = float(((totals - usual)[hits] ** 2 / usual[hits]).sum())
    between = float((sizes * (means - mean) ** 2).sum() / mean)
    left, all_of_it = float(((totals - usual) ** 2).sum()), float(((totals - mean) ** 2).sum())
    explained = _adjust(left, freedom, all_of_it, len(totals) - 1)
    return _describe(between, DAYS_A_WEEK - 1, squares, freedom, explained)


def judge_slots(counts: NDArray[Any], exposures: NDArray[Any], dispersion: float | None) -> list[Standing]:
    """Return for each slot whether it has more or fewer than its share of the time, at a false discovery rate of 5 %.

    The exact binomial test, on counts divided by their dispersion. Nothing is judged where that is None, nor a slot of
    which nothing is known.
    """
    total, time = float(counts.sum()), float(exposures.sum())
    known = [number for number in range(len(counts)) if exposures[number] > 0]
    values: dict[int, tuple[float, float]] = {}
    if dispersion is not None and total:
        found = [
            judge_share(float(counts[n]) / dispersion, total / dispersion, float(exposures[n]) / time) for n in known
        ]
        values = dict(zip(known, zip(found, adjust_p_values(found), strict=True), strict=True))
    return [
        Standing(float(count), total * float(part) / time if time else 0.0, *values.get(number, (None, None)))
        for number, (count, part) in enumerate(zip(counts, exposures, strict=True))
    ]


def _adjust(left: float, freedom: int, all_of_it: float, all_freedom: int) -> float:
    return max(0.0, 1 - (left / freedom) / (all_of_it / all_freedom)) if all_of_it else 0.0


def _describe(between: float, groups: int, squares: float, freedom: int, explained: float) -> Cycle:
    from scipy import special

    dispersion = find_dispersion(squares, freedom)
    p_value = float(special.fdtrc(groups, freedom, between / groups / dispersion))
    return Cycle(p_value, explained, dispersion)
