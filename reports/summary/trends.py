"""Compare a window with the time just before, of the same length."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ...outcomes import FigureReader
from ..intervals import change_interval
from ..period import Period
from .data import Direction, Trends


def compare_windows(reader: FigureReader, period: Period, known_from: datetime | None) -> Trends:
    """Return what changed; nothing where the store does not go back to the beginning of the time before."""
    if known_from is None or known_from.replace(tzinfo=UTC) > period.before.since:
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
    now, before = _count(reader, period), _count(reader, period.before)
    low, high = change_interval(now["failures"], before["failures"])
    horizon = _find_horizon(reader, period)
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


def _count(reader: FigureReader, period: Period) -> Mapping[str, int]:
    rows = reader.read("failure_counts", period.since, period.until)
    return next(row for row in rows if row["dimension"] == "all")


def _find_horizon(reader: FigureReader, period: Period) -> float | None:
    """Return the time that both curves reach; None where either window has no incident of known length."""
    ends = [_horizon(reader, span) for span in (period, period.before)]
    known = [end for end in ends if end is not None]
    return min(known) if len(known) == len(ends) else None


def _horizon(reader: FigureReader, period: Period) -> float | None:
    row = reader.read_one("recovery_time", period.since, period.until)
    return row["horizon_seconds"] if row else None


def _compare_times(reader: FigureReader, period: Period, horizon: float) -> float | None:
    means = [
        reader.read("recovery_time_within", span.since, span.until, horizon=horizon)[0]["mean_seconds"]
        for span in (period, period.before)
    ]
    return _change(*means)


def _compare_escalations(now: Mapping[str, int], before: Mapping[str, int]) -> float | None:
    if not (now["failures"] and before["failures"]):
        return None
    return _round(now["escalated"] / now["failures"] - before["escalated"] / before["failures"])


def _change(now: float, before: float) -> float | None:
    return _round(now / before - 1) if before else None


def _name_direction(low: float | None, high: float | None) -> Direction:
    if low is not None and low > 0:
        return "increasing"
    return "decreasing" if high is not None and high < 0 else "unclear"


def _round(value: Any) -> Any:
    return None if value is None else round(value, 6)
