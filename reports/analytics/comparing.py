"""A period against as long a time just before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from ...core.frozen import FrozenDict
from ..intervals import change_interval
from ..period import Period
from ..summary.reading import choose_slot
from .counting import sum_by
from .look import Look, Row, tidy
from .statistics.adjusting import LEVEL, adjust_p_values
from .statistics.matching import Spread, compare_slots
from .statistics.shares import judge_share
from .trend_data import Change, Changes, Direction, PeriodCounts

STABLE: Final = 0.2
"""A change that is surely smaller is none worth a name."""
VOLATILE: Final = 0.5
"""Counts are volatile where they vary by so much of their mean beyond chance."""
_UNDECIDED: Final = "undecided"


def describe_period(period: Period, kinds: Iterable[Row]) -> PeriodCounts:
    """Return the counts of one period."""
    types, severities = sum_by(kinds, "type"), sum_by(kinds, "severity")
    return PeriodCounts(period.since, period.until, sum(types.values()), _name(types), _name(severities))


def compare_periods(look: Look, now: Iterable[Row], before: Iterable[Row]) -> Changes:
    """Return what is different between the kinds of failures of the window and of the time before."""
    spread = _measure_spread(look)
    counts = {name: (sum_by(now, name), sum_by(before, name)) for name in ("type", "severity")}
    totals = [dict[str | None, int]({None: sum(one.values())}) for one in counts["type"]]
    (total,) = _compare(totals[0], totals[1], spread)
    if total.direction == "unclear" and spread.p_value <= LEVEL and spread.variation >= VOLATILE:
        total = replace(total, direction="volatile")
    return Changes(
        total, _compare(*counts["type"], spread), _compare(*counts["severity"], spread), tidy(spread.dispersion)
    )


def _measure_spread(look: Look) -> Spread:
    """Compare the same slots of both periods, so that a daily cycle does not count as variation."""
    seconds = look.period.length.total_seconds()
    size = choose_slot(int(seconds))
    slots = math.ceil(seconds / size)
    rows = (
        {row["slot"]: row["failures"] for row in look.read("failure_slots", period, seconds=size)}
        for period in (look.period, look.period.before)
    )
    return compare_slots(*([found.get(number, 0) for number in range(slots)] for found in rows))


def _compare(now: Mapping[str | None, int], before: Mapping[str | None, int], spread: Spread) -> tuple[Change, ...]:
    names = [*now, *(name for name in before if name not in now)]
    pairs = [(now.get(name, 0), before.get(name, 0)) for name in names]
    values = [judge_share(pair[0] / spread.dispersion, sum(pair) / spread.dispersion, 0.5) for pair in pairs]
    told = zip(names, pairs, values, adjust_p_values(values), strict=True)
    return tuple(_describe(name, *pair, value, adjusted, spread) for name, pair, value, adjusted in told)


def _describe(name: str | None, now: int, before: int, value: float, adjusted: float, spread: Spread) -> Change:
    low, high = change_interval(now / spread.dispersion, before / spread.dispersion)
    return Change(
        name,
        now,
        before,
        tidy(now / before - 1) if before else None,
        None if low is None else tidy(low),
        None if high is None else tidy(high),
        tidy(value),
        tidy(adjusted),
        _name_direction(low, high, now - before, adjusted),
    )


def _name_direction(low: float | None, high: float | None, difference: int, q_value: float) -> Direction:
    if q_value <= LEVEL:
        return "increasing" if difference > 0 else "decreasing"
    if low is not None and high is not None and low >= -STABLE and high <= STABLE:
        return "stable"
    return "unclear"


def _name(counts: Mapping[str | None, int]) -> Mapping[str, int]:
    return FrozenDict({name or _UNDECIDED: count for name, count in counts.items()})
