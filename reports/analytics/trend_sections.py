"""Say how trends are shown: what changed comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from ..figures.trend import Level, Outlook, draw_trend
from ..nothing import show_nothing
from ..sections import Cell, Chart, Figure, Section, Series
from .showing import explain_gaps, make_table, show_insights
from .trend_data import BacktestTrial, Change, Changes, ErrorTrends, Forecast

_DAY = timedelta(days=1)
_DIRECTIONS = {
    "increasing": "more than before",
    "decreasing": "fewer than before",
    "stable": "no more than a fifth more or fewer",
    "volatile": "counts vary so much that nothing can be said",
    "unclear": "chance alone may explain it",
    "unknown": "nothing to compare with",
}


def show_trends(found: ErrorTrends) -> tuple[Section, ...]:
    """Return the sections of trends; without a failure in any of the days only what says so."""
    if not found.current.count and not (found.previous and found.previous.count) and not any(found.days.counts):
        return show_nothing(found.known_from)
    return (
        _show_overview(found),
        show_insights(found.insights),
        *(_show_changes(one) for one in (found.changes,) if one),
        _show_days(found),
        *(_show_prediction(one) for one in (found.prediction,) if one),
    )


def _show_overview(found: ErrorTrends) -> Section:
    figures = (
        Figure("Errors", found.current.count),
        *(Figure("Errors before", one.count) for one in (found.previous,) if one),
        *(_show_change(one.count) for one in (found.changes,) if one),
        *(
            Figure("Dispersion", one.dispersion, note="times as much variation as by chance alone")
            for one in (found.changes,)
            if one
        ),
        *(_show_forecast(one) for one in (found.prediction,) if one),
    )
    return Section("Overview", figures, notes=explain_gaps(found.not_judged))


def _show_change(change: Change) -> Figure:
    return Figure("Change", change.change, "change", change.low, change.high, note=_DIRECTIONS[change.direction])


def _show_forecast(one: Forecast) -> Figure:
    return Figure("Forecast for the next period", one.predicted_error_count, "", one.low, one.high)


def _show_changes(changes: Changes) -> Section:
    columns = "errors, before, change:change, low:change, high:change, q:probability, direction"
    return Section(
        "Changes",
        tables=(
            make_table("By type", f"type, {columns}", map(_change_row, changes.by_type)),
            make_table("By severity", f"severity, {columns}", map(_change_row, changes.by_severity)),
        ),
    )


def _change_row(one: Change) -> tuple[Cell, ...]:
    return one.value, one.count, one.count_before, one.change, one.low, one.high, one.q_value, one.direction


def _show_days(found: ErrorTrends) -> Section:
    points = ((one.since, one.rate_before, one.rate_after, one.change, one.p_value) for one in found.change_points)
    columns = "since, errors a day before, errors a day after, change:change, p:probability"
    series = (Series("Errors by day", found.days.counts, "day"),) if found.days.counts else ()
    table = make_table("Changes of the level", columns, points)
    return Section("The days up to now", series=series, tables=(table,), charts=tuple(_list_charts(found)))


def _list_charts(found: ErrorTrends) -> Iterator[Chart]:
    if found.days.counts:
        yield Chart(
            "errors-by-day",
            "Errors by day",
            lambda: draw_trend(found.days.counts, found.days.since, tuple(_list_levels(found)), _lay_outlook(found)),
        )


def _list_levels(found: ErrorTrends) -> Iterator[Level]:
    points = found.change_points
    ends = [*(one.since for one in points), found.until]
    for number, point in enumerate(points):
        if number == 0:
            yield Level(found.days.since, point.since, point.rate_before)
        yield Level(point.since, ends[number + 1], point.rate_after)


def _lay_outlook(found: ErrorTrends) -> Outlook | None:
    one = found.prediction
    if one is None:
        return None
    days = (one.until - one.since) / _DAY
    return Outlook(one.since, one.until, one.predicted_error_count / days, one.low / days, one.high / days)


def _show_prediction(one: Forecast) -> Section:
    test = one.backtest
    figures = (
        _show_forecast(one),
        Figure("Probability of more than now", one.chance_of_more, "probability"),
        Figure("Intervals that held", test.coverage, "share", count=len(test.trials), note="95 % is aimed at"),
        Figure("Mean error of the forecast", test.mean_absolute_error),
        Figure(
            "Mean error of the naive forecast",
            test.naive_mean_absolute_error,
            note="the count of the period before, taken for a forecast",
        ),
    )
    columns = "since, expected, low, high, naive, observed, held"
    return Section("What is to come", figures, tables=(make_table("Tried on the past", columns, _rows(test.trials)),))


def _rows(trials: Iterable[BacktestTrial]) -> Iterator[tuple[Cell, ...]]:
    return ((one.since, one.expected, one.low, one.high, one.naive, one.observed, one.hit) for one in trials)
