"""The days up to now: where their level changed, and what the next period will bring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ..period import Period
from .look import HISTORY, Look, tidy
from .statistics.baseline import fit_baseline
from .statistics.change_points import SLOTS_NEEDED, find_changes
from .statistics.forecasting import (
    Trial,
    find_chance_of_more,
    foretell,
    hours_needed,
    hours_used,
    try_forecasts,
)
from .statistics.slots import HOUR, HOURS_A_DAY, Slots, lay_slots
from .trend_data import Backtest, BacktestTrial, ChangePoint, DayCounts, Forecast

if TYPE_CHECKING:
    from .statistics.slots import Numbers

_WEEKS_FOR_FACTORS: Final = 4
"""Days of the week are told apart where each was seen so often."""


def find_reach(period: Period) -> datetime:
    """Return from when on failures serve the trends of a window."""
    return period.until - max(HISTORY, period.length * 2, hours_used(_count_hours(period)) * HOUR)


def read_slots(look: Look) -> Slots:
    """Return the failures by whole hours counted back from the end of the window, as far as they serve."""
    start = max(find_reach(look.period), look.known_from or look.period.until)
    size = max(math.floor((look.period.until - start) / HOUR), 0)
    first = look.period.until - size * HOUR
    rows = look.read("failure_slots", look.span(first), seconds=3600)
    return lay_slots({row["slot"]: row["failures"] for row in rows}, first.astimezone(UTC), first, look.period.until)


def count_days(look: Look, slots: Slots) -> tuple[DayCounts, Slots]:
    """Return the failures by days counted back from the end of the window, and the slots that these are made of."""
    wanted = max(HISTORY, look.period.length * 2) // timedelta(days=1)
    days = min(len(slots) // HOURS_A_DAY, wanted)
    part = slots.cut(len(slots) - days * HOURS_A_DAY)
    return DayCounts(part.first, tuple(int(count) for count in _sum_days(part.counts))), part


def find_change_points(slots: Slots, reasons: dict[str, str]) -> tuple[ChangePoint, ...]:
    """Return where the level of whole days changed; why nothing was looked for is added to ``reasons``."""
    counts = _sum_days(slots.counts)
    if len(counts) < SLOTS_NEEDED:
        reasons["change_points"] = f"fewer than {SLOTS_NEEDED} whole days are known"
        return ()
    return tuple(
        ChangePoint(
            slots.begin(change.slot * HOURS_A_DAY),
            tidy(change.rate_before),
            tidy(change.rate_after),
            tidy(change.rate_after / change.rate_before - 1) if change.rate_before else None,
            change.p_value,
        )
        for change in find_changes(counts, _weigh_days(slots))
    )


def predict(look: Look, slots: Slots, count: int, reasons: dict[str, str]) -> Forecast | None:
    """Return the forecast for the next period, tried on the past; None, and why in ``reasons``, where it cannot be.

    ``count``: the failures of the window.
    """
    period = _count_hours(look.period)
    reason = _explain(look, slots, period)
    if reason:
        reasons["prediction"] = reason
        return None
    trials = try_forecasts(slots, period)
    told = foretell(slots, len(slots), period, trials)
    return Forecast(
        look.period.until,
        look.period.until + look.period.length,
        tidy(told.expected),
        told.low,
        told.high,
        tidy(find_chance_of_more(told, count)),
        _describe(slots, trials),
    )


def _count_hours(period: Period) -> int:
    return max(math.floor(period.length / HOUR), 1)


def _explain(look: Look, slots: Slots, period: int) -> str | None:
    needed = hours_needed(period)
    if look.period.length % HOUR:
        return "only windows of whole hours are forecast"
    if len(slots) < needed:
        known = len(slots) // HOURS_A_DAY
        return (
            f"it takes {math.ceil(needed / HOURS_A_DAY)} days to learn from and to be tried on, and {known} are known"
        )
    return None if slots.counts.any() else "there is no failure to learn from"


def _describe(slots: Slots, trials: Sequence[Trial]) -> Backtest:
    return Backtest(
        tuple(
            BacktestTrial(
                slots.begin(one.slot), tidy(one.expected), one.low, one.high, one.naive, one.observed, one.hit
            )
            for one in trials
        ),
        tidy(sum(one.hit for one in trials) / len(trials)),
        tidy(math.fsum(abs(one.expected - one.observed) for one in trials) / len(trials)),
        tidy(sum(abs(one.naive - one.observed) for one in trials) / len(trials)),
    )


def _sum_days(hours: Numbers) -> Numbers:
    found: Numbers = hours.reshape(-1, HOURS_A_DAY).sum(axis=1)
    return found


def _weigh_days(slots: Slots) -> Numbers:
    """Return how many failures each day would have at a level of 1: its weekday's factor, where weeks are known."""
    import numpy as np

    days = slots.weekdays[::HOURS_A_DAY]
    if len(days) < _WEEKS_FOR_FACTORS * 7:
        return np.ones(len(days))
    found: Numbers = fit_baseline(slots).by_weekday[days]
    return found
