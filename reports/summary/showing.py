"""Say how a summary is shown: what to look at first comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..nothing import show_nothing
from ..period import Period
from ..sections import Cell, Chart, Column, Figure, Section, Series, Table
from ..wording import write_span, write_time
from .data import ActionEnds, Cause, RecentFailure, RecoveryEnds, SuccessRate, SummaryData, Timeline

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Drawing

_ENDS = (Column("success"), Column("partial"), Column("failed"), Column("skipped"))
_DIRECTIONS: Mapping[str, str] = {
    "increasing": "more than before",
    "decreasing": "fewer than before",
    "unclear": "chance alone may explain it",
    "unknown": "nothing to compare with",
}


def show_summary(data: SummaryData, period: Period) -> tuple[Section, ...]:
    """Return the sections of a summary; of a window without failures and calls only what says so."""
    found = data.total_errors or data.cancelled or data.retries.tries or (data.calls and data.calls.tries)
    if data.known_from is None or not found:
        return show_nothing(data.known_from)
    return (
        _show_overview(data, period),
        _show_causes(data),
        _show_counts(data),
        _show_actions(data),
        _show_recent(data),
    )


def _show_overview(data: SummaryData, period: Period) -> Section:
    stats, recovery, trends = data.resolution_stats, data.recovery_time, data.trends
    figures = (
        Figure("Errors", data.total_errors, note=f"{data.causes} causes; {data.unsure} decided unsure"),
        Figure(
            "Change",
            trends.error_rate_change,
            "change",
            trends.error_rate_change_low,
            trends.error_rate_change_high,
            note=_DIRECTIONS[trends.direction],
        ),
        *(() if data.calls is None else (_figure("Calls that succeeded", data.calls),)),
        _figure("Re-runs that succeeded", data.retries),
        Figure("Resolved", stats.resolved),
        Figure("Pending", stats.pending, note="not known how they ended"),
        Figure("Given up", stats.given_up),
        Figure("Escalated", stats.escalated),
        Figure(
            "Time to recovery, mean",
            recovery.mean_seconds,
            "seconds",
            count=recovery.incidents,
            note=f"{recovery.open} not seen to recover, counted as long as they are known to be down",
        ),
        Figure("Time to recovery, median", recovery.median_seconds, "seconds"),
        Figure("Change of the time to recovery", trends.resolution_time_change, "change"),
        Figure("Change of the share escalated", trends.escalation_rate_change, "points"),
        Figure(
            "Time to resolution of resolved errors, mean",
            stats.average_resolution_seconds,
            "seconds",
            count=stats.timed,
        ),
    )
    series = Series("Errors over time", data.timeline.counts, write_span(data.timeline.slot_seconds))
    chart = Chart("errors-over-time", series.name, lambda: _draw_timeline(data.timeline, period))
    charts = (chart,) if data.total_errors else ()
    return Section("Overview", figures, (series,), notes=tuple(_note(data)), charts=charts)


def _draw_timeline(timeline: Timeline, period: Period) -> Drawing:
    from ..figures import draw_timeline

    return draw_timeline(timeline.counts, period.since, timeline.slot_seconds)


def _note(data: SummaryData) -> Iterable[str]:
    if not data.trends.comparable and data.known_from:
        yield f"No comparison with the time before: the store begins at {write_time(data.known_from)}."
    if data.cancelled:
        yield f"{data.cancelled} cancelled failures are left out."
    if data.imported:
        yield f"{data.imported} of the errors were imported."


def _figure(label: str, rate: SuccessRate) -> Figure:
    return Figure(label, rate.rate, "share", rate.low, rate.high, rate.tries)


def _show_causes(data: SummaryData) -> Section:
    columns = tuple(
        map(
            Column,
            ("count", "last seen", "first seen", "new", "type", "severity", "last operation", "message", "fingerprint"),
        )
    )
    return Section("Top causes", tables=(Table("Causes", columns, tuple(map(_cause_row, data.top_causes))),))


def _cause_row(cause: Cause) -> tuple[Cell, ...]:
    named = (cause.type, cause.severity, cause.operation, cause.message, cause.fingerprint)
    return cause.count, cause.last_seen, cause.first_seen, cause.is_new, *named


def _show_counts(data: SummaryData) -> Section:
    by = {"type": data.errors_by_type, "severity": data.errors_by_severity, "environment": data.errors_by_environment}
    return Section(
        "Errors by what and where",
        tables=tuple(_count_table(name, counts, data.total_errors) for name, counts in by.items()),
        charts=tuple(_chart_counts(name, counts) for name, counts in by.items() if len(counts) > 1),
    )


def _chart_counts(name: str, counts: Mapping[str, int]) -> Chart:
    def draw() -> Drawing:
        from ..figures import draw_counts

        return draw_counts(counts, what=name)

    return Chart(f"errors-by-{name}", f"By {name}", draw)


def _count_table(name: str, counts: Mapping[str, int], total: int) -> Table:
    columns = (Column(name), Column("errors"), Column("share", "share"))
    return Table(f"By {name}", columns, tuple((value, count, count / total) for value, count in counts.items()))


def _show_actions(data: SummaryData) -> Section:
    retries = Table(
        "Re-runs by type",
        (Column("type"), *_rate_columns("re-runs")),
        tuple((name, *_rate_cells(rate)) for name, rate in data.retries_by_type.items()),
    )
    recoveries = Table(
        "Recoveries",
        (Column("recipe"), *_ENDS, *_rate_columns("calls after")),
        tuple((one.name, *_end_cells(one), *_rate_cells(one.reruns)) for one in data.recoveries),
    )
    return Section(
        "What was done",
        tables=(
            retries,
            recoveries,
            _end_table("Escalations", "target", data.escalations),
            _end_table("Resets", "reset", data.resets),
        ),
        charts=tuple(_chart_rates(data)),
    )


def _chart_rates(data: SummaryData) -> Iterable[Chart]:
    after = {one.name: one.reruns for one in data.recoveries if one.reruns.tries}
    if data.retries_by_type:
        yield _chart_shares("rerun-success", "Re-runs that succeeded, by type", data.retries_by_type, "type")
    if after:
        yield _chart_shares("recovery-success", "Calls that succeeded after a recovery", after, "recipe")


def _chart_shares(name: str, title: str, rates: Mapping[str, SuccessRate], what: str) -> Chart:
    def draw() -> Drawing:
        from ..figures import Share, draw_shares

        shares = [
            Share(label, rate.rate or 0.0, rate.low or 0.0, rate.high or 0.0, rate.tries)
            for label, rate in rates.items()
        ]
        return draw_shares(shares, what=what, name="succeeded")

    return Chart(name, title, draw)


def _rate_columns(name: str) -> tuple[Column, ...]:
    return Column(name), Column("succeeded", "share"), Column("low", "share"), Column("high", "share")


def _rate_cells(rate: SuccessRate) -> tuple[Cell, ...]:
    return rate.tries, rate.rate, rate.low, rate.high


def _end_table(title: str, name: str, ends: tuple[ActionEnds, ...]) -> Table:
    return Table(title, (Column(name), *_ENDS), tuple((one.name, *_end_cells(one)) for one in ends))


def _end_cells(ends: ActionEnds | RecoveryEnds) -> tuple[Cell, ...]:
    return ends.success, ends.partial, ends.failed, ends.skipped


def _show_recent(data: SummaryData) -> Section:
    names = ("time", "type", "severity", "environment", "operation", "state", "escalated", "message")
    rows = tuple(map(_recent_row, data.recent))
    return Section("What happened last", tables=(Table("Newest errors", tuple(map(Column, names)), rows),))


def _recent_row(one: RecentFailure) -> tuple[Cell, ...]:
    where = (one.environment, one.operation)
    return one.time, one.type, one.severity, *where, one.state, one.escalated, one.message
