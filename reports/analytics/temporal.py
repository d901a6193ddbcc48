"""When failures happen: by the hour of the day and the day of the week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .data import Seasonality, SlotCount, Temporal
from .look import Look, tidy
from .statistics.adjusting import LEVEL
from .statistics.cycles import (
    DAYS_NEEDED,
    WEEKS_NEEDED,
    Cycle,
    Standing,
    find_daily_cycle,
    find_weekly_cycle,
    judge_slots,
    take_whole_days,
)
from .statistics.slots import DAYS_A_WEEK, HOURS_A_DAY, Slots, join_slots
from .statistics.spikes import Spike, level_spikes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAYS_REASON = f"fewer than {DAYS_NEEDED} whole days with failures are known"
_WEEKS_REASON = f"fewer than {WEEKS_NEEDED} whole weeks are known, or none with failures"
_SHORT_DAY = "the window is shorter than a day"
_SHORT_WEEK = "the window is shorter than a week"


def find_times(look: Look, history: Slots, window: Slots, spikes: Sequence[Spike], reasons: dict[str, str]) -> Temporal:
    """Return when failures happen; why something was not judged is added to ``reasons``.

    ``history`` and ``window``: by the hour of the clock; ``spikes``: those of the window, which are no habit, so that
    hours and days are judged as if there had been as many as usual.
    """
    level = level_spikes(window, spikes)
    days, weekdays_of_days = take_whole_days(join_slots(history, level))
    daily, weekly = find_daily_cycle(days), find_weekly_cycle(days.sum(axis=1), weekdays_of_days)
    _explain_hours(look, daily, reasons)
    _explain_days(look, weekly, reasons)
    hours = _judge(window, level, window.hours, HOURS_A_DAY, None if "peak_hours" in reasons else daily)
    weekdays = _judge(window, level, window.weekdays, DAYS_A_WEEK, None if "peak_days" in reasons else weekly)
    return Temporal(
        hours=hours,
        weekdays=weekdays,
        week=_lay_week(window),
        peak_hours=_pick(hours, "peak"),
        quiet_hours=_pick(hours, "quiet"),
        peak_days=_pick(weekdays, "peak"),
        quiet_days=_pick(weekdays, "quiet"),
        daily_cycle=_describe(daily, len(days)),
        weekly_cycle=_describe(weekly, len(days)),
    )


def _explain_hours(look: Look, cycle: Cycle | None, reasons: dict[str, str]) -> None:
    if cycle is None:
        reasons |= {"daily_cycle": _DAYS_REASON, "peak_hours": _DAYS_REASON}
    elif look.period.until - look.since < timedelta(days=1):
        reasons["peak_hours"] = _SHORT_DAY


def _explain_days(look: Look, cycle: Cycle | None, reasons: dict[str, str]) -> None:
    if cycle is None:
        reasons |= {"weekly_cycle": _WEEKS_REASON, "peak_days": _WEEKS_REASON}
    elif look.period.until - look.since < timedelta(weeks=1):
        reasons["peak_days"] = _SHORT_WEEK


def _judge(window: Slots, level: Slots, groups: NDArray[Any], size: int, cycle: Cycle | None) -> tuple[SlotCount, ...]:
    import numpy as np

    exposures = np.bincount(groups, window.exposures, size)
    counts, usual = (np.bincount(groups, one.counts, size) for one in (window, level))
    standings = judge_slots(usual, exposures, cycle.dispersion if cycle else None)
    return tuple(_show(number, int(counts[number]), one) for number, one in enumerate(standings))


def _show(number: int, count: int, standing: Standing) -> SlotCount:
    p_value, q_value = (None if one is None else tidy(one) for one in (standing.p_value, standing.q_value))
    side: Any = "peak" if standing.count > standing.expected else "quiet"
    return SlotCount(number, count, tidy(standing.expected), p_value, q_value, side if standing.stands_out else None)


def _pick(slots: Iterable[SlotCount], side: str) -> tuple[int, ...]:
    return tuple(one.slot for one in slots if one.stands_out == side)


def _lay_week(window: Slots) -> tuple[tuple[int, ...], ...]:
    import numpy as np

    places = window.weekdays * HOURS_A_DAY + window.hours
    counts = np.bincount(places, window.counts, DAYS_A_WEEK * HOURS_A_DAY).reshape(DAYS_A_WEEK, HOURS_A_DAY)
    return tuple(tuple(int(count) for count in row) for row in counts)


def _describe(cycle: Cycle | None, days: int) -> Seasonality | None:
    if cycle is None:
        return None
    significant = cycle.p_value <= LEVEL
    return Seasonality(days, tidy(cycle.p_value), significant, tidy(cycle.strength), tidy(cycle.dispersion))
