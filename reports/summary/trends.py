"""Compare a window with the time just before, of the same length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ...outcomes import FigureReader
from ..intervals import change_interval
from ..period import Period
from .data import Direction, Trends

Row = Mapping[str, Any]


def compare_windows(
    reader: FigureReader, period: Period, now: Row, recovery: Row, known_from: datetime | None
) -> Trends:
    """Return what changed; nothing where the store does not go back to the beginning of the time before.

    ``now`` and ``recovery``: the counts of the window, and its time to recovery.
    """
    if known_from is None or known_from > period.before.since:
        return Trends(
            comparable=False,
            errors_before=None,
            error_rate_change=None,
            error_rate_change_low=None,
            error_rate_change_high=None,
            direction="unknown",
            resolution_time_change=None,
            resolution_horizon_seconds=None,
            escalation_rate_change=None,
        )
    before = find_total(reader.read("failure_counts", period.before.since, period.before.until))
    low, high = change_interval(now["failures"], before["failures"])
    horizon = _find_horizon(recovery, read_recovery_time(reader, period.before))
    return Trends(
        comparable=True,
        errors_before=before["failures"],
        error_rate_change=_change(now["failures"], before["failures"]),
        error_rate_change_low=_round(low),
        error_rate_change_high=_round(high),
        direction=_name_direction(low, high),
        resolution_time_change=None if horizon is None else _compare_times(reader, period, horizon),
        resolution_horizon_seconds=_round(horizon),
        escalation_rate_change=_compare_escalations(now, before),
    )


def find_total(counts: Iterable[Row]) -> Row:
    """Return the row of all failures."""
    return next(row for row in counts if row["dimension"] == "all")


def read_recovery_time(reader: FigureReader, period: Period) -> Row:
    """Return the time to recovery in a window; empty without an incident."""
    return reader.read_one("recovery_time", period.since, period.until) or {}


def _find_horizon(now: Row, before: Row) -> float | None:
    """Return the time that both curves reach; None where either window has no incident of known length."""
    ends = [row.get("horizon_seconds") for row in (now, before)]
    known = [end for end in ends if end is not None]
    return min(known) if len(known) == len(ends) else None


def _compare_times(reader: FigureReader, period: Period, horizon: float) -> float | None:
    return _change(*(_read_mean(reader, span, horizon) for span in (period, period.before)))


def _read_mean(reader: FigureReader, period: Period, horizon: float) -> float:
    (row,) = reader.read("recovery_time_within", period.since, period.until, horizon=horizon)
    mean: float = row["mean_seconds"]
    return mean


def _compare_escalations(now: Row, before: Row) -> float | None:
    if not (now["failures"] and before["failures"]):
        return None
    return _round(now["escalated"] / now["failures"] - before["escalated"] / before["failures"])


def _change(now: float, before: float) -> float | None:
    return _round(now / before - 1) if before else None


def _name_direction(low: float | None, high: float | None) -> Direction:
    if low is not None and low > 0:
        return "increasing"
    return "decreasing" if high is not None and high < 0 else "unclear"


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
