"""Analyse the trends of a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ...core.frozen import FrozenDict
from ...outcomes import FigureReader
from ..report_type import Question
from ..wording import write_cell, write_time
from .comparing import compare_periods, describe_period
from .data import Insight
from .foretelling import count_days, find_change_points, predict, read_slots
from .insights import make_insight
from .look import Look, Row
from .trend_data import Change, ChangePoint, Changes, ErrorTrends, Forecast, PeriodCounts

TREND_QUERIES: Final = ("failure_slots", "kind_counts", "known_span")
_WORDS: Final = {"increasing": "more", "decreasing": "fewer"}


def find_trends(reader: FigureReader, question: Question) -> ErrorTrends:
    """Return the trends of a window."""
    look, reasons = Look.open(reader, question), dict[str, str]()
    kinds = look.read("kind_counts")
    current = describe_period(look.period, kinds)
    previous, changes = _compare(look, kinds, reasons)
    slots = read_slots(look)
    days, part = count_days(look, slots)
    points = find_change_points(part, reasons)
    prediction = predict(look, slots, current.count, reasons)
    return ErrorTrends(
        since=look.period.since,
        until=look.period.until,
        known_from=look.known_from,
        current=current,
        previous=previous,
        changes=changes,
        direction=changes.count.direction if changes else "unknown",
        days=days,
        change_points=points,
        prediction=prediction,
        insights=tuple(_find_insights(changes, points, prediction)),
        not_judged=FrozenDict(reasons),
    )


def _compare(look: Look, kinds: Sequence[Row], reasons: dict[str, str]) -> tuple[PeriodCounts | None, Changes | None]:
    if look.known_from is None or look.known_from > look.period.before.since:
        reasons["changes"] = "the store does not go back to the beginning of the time before"
        return None, None
    before = look.read("kind_counts", look.period.before)
    return describe_period(look.period.before, before), compare_periods(look, kinds, before)


def _find_insights(
    changes: Changes | None, points: tuple[ChangePoint, ...], prediction: Forecast | None
) -> Iterator[Insight]:
    if changes:
        yield from _tell_change("errors", "failures", changes.count)
        for one in changes.by_severity:
            if one.value == "critical":
                yield from _tell_change("critical_errors", "critical failures", one)
        for one in changes.by_type:
            if one.value is not None:
                yield from _tell_change("type", f"failures of the type {one.value}", one)
    if points:
        yield _tell_point(points[-1])
    if prediction:
        yield from _tell_prediction(prediction)


def _tell_change(kind: str, subject: str, change: Change) -> Iterator[Insight]:
    if change.direction in _WORDS:
        yield make_insight(
            f"{change.direction}_{kind}",
            f"There were {change.count} {subject}, {_WORDS[change.direction]} than the {change.count_before} before.",
            value=change.value,
            count=change.count,
            count_before=change.count_before,
            change=change.change,
            low=change.low,
            high=change.high,
            q_value=change.q_value,
        )


def _tell_point(point: ChangePoint) -> Insight:
    before, after = write_cell(point.rate_before), write_cell(point.rate_after)
    return make_insight(
        "level_changed",
        f"Since {write_time(point.since)} there are {after} failures a day; before it were {before}.",
        rate_before=point.rate_before,
        rate_after=point.rate_after,
        p_value=point.p_value,
    )


def _tell_prediction(prediction: Forecast) -> Iterator[Insight]:
    test = prediction.backtest
    if test.mean_absolute_error > test.naive_mean_absolute_error:
        yield make_insight(
            "forecast_is_poor",
            "The count of this window would have been the better forecast in the past.",
            mean_absolute_error=test.mean_absolute_error,
            naive_mean_absolute_error=test.naive_mean_absolute_error,
            trials=len(test.trials),
        )
