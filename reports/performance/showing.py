"""Say how performance is shown: what does not work comes first."""

from __future__ import annotations

from functools import partial

from ..figures.recovery_curve import draw_recovery_curve
from ..figures.success_rate import draw_success_rate
from ..nothing import show_nothing
from ..sections import Cell, Chart, Column, Figure, Section, Table
from ..tracking.metrics import Metrics
from ..tracking.share import Share
from ..wording import write_span
from .data import CurveStep, GroupPerformance, OpenIncident, PerformanceData, Ranking, SuccessOverTime

_GROUP_COLUMNS = (
    Column("calls"),
    Column("succeeded", "share"),
    Column("low", "share"),
    Column("high", "share"),
    Column("re-runs", "share"),
    Column("mean duration", "seconds"),
    Column("incidents"),
    Column("time to recovery", "seconds"),
    Column("time between failures", "seconds"),
    Column("availability", "share"),
)


def show_performance(data: PerformanceData, failures: int) -> tuple[Section, ...]:
    """Return the sections; of a window of which nothing is known only what says so."""
    metrics = data.system_metrics
    if data.known_from is None or not (failures or metrics.calls or metrics.mttr.incidents or data.open_incidents):
        return show_nothing(data.known_from)
    return (
        _show_overview(data),
        *((_show_open(data),) if data.oldest_open else ()),
        _show_groups(data),
        _show_recovery(data),
        *(() if data.success_over_time is None else (_show_rates(data.success_over_time),)),
    )


def _show_overview(data: PerformanceData) -> Section:
    metrics, mttr = data.system_metrics, data.system_metrics.mttr
    figures = (
        *_show_calls(metrics),
        Figure(
            "Time to recovery, mean",
            mttr.mean_seconds,
            "seconds",
            count=mttr.incidents,
            note=f"{mttr.open} not seen to recover, counted as long as they are known to be down",
        ),
        Figure("Time to recovery, median", mttr.median_seconds, "seconds"),
        Figure("Open incidents", data.open_incidents, note="at the end of the window, whenever they opened"),
    )
    notes = () if metrics.calls is not None else ("Calls have neither type nor severity, so nothing is said of them.",)
    return Section("Overview", figures, notes=notes)


def _show_calls(metrics: Metrics) -> tuple[Figure, ...]:
    if metrics.success_rate is None or metrics.failure_rate is None or metrics.retry_rate is None:
        return ()
    return (
        _show_share("Calls that succeeded", metrics.success_rate),
        _show_share("Calls that failed", metrics.failure_rate),
        _show_share("Calls that were re-runs", metrics.retry_rate),
        Figure("Duration of a call, mean", metrics.mean_duration_seconds, "seconds", count=metrics.timed_calls),
        Figure(
            "Availability", metrics.availability, "share", note="share of the watched time without an open incident"
        ),
        Figure("Time between failures, mean", metrics.mtbf_seconds, "seconds", count=metrics.incidents),
    )


def _show_share(label: str, share: Share) -> Figure:
    return Figure(label, share.value, "share", share.low, share.high, share.total)


def _show_open(data: PerformanceData) -> Section:
    names = ("operation", "environment", "component", "since", "for", "failures", "type", "severity")
    columns = tuple(Column(name, "seconds" if name == "for" else "") for name in names)
    table = Table("Oldest open incidents", columns, tuple(map(_open_row, data.oldest_open)))
    return Section("What does not work now", tables=(table,))


def _open_row(one: OpenIncident) -> tuple[Cell, ...]:
    where = (one.operation, one.environment, one.component)
    return *where, one.opened_at, one.seconds, one.failures, one.type, one.severity


def _show_groups(data: PerformanceData) -> Section:
    rankings = {
        "operation": data.operation_performance,
        "component": data.component_performance,
        "environment": data.environment_performance,
    }
    tables = tuple(_group_table(name, ranking) for name, ranking in rankings.items())
    notes = tuple(
        f"By {name}: the worst {len(ranking.worst)} of {ranking.groups}."
        for name, ranking in rankings.items()
        if ranking.groups > len(ranking.worst)
    )
    return Section("Worst first", tables=tables, notes=notes)


def _group_table(name: str, ranking: Ranking) -> Table:
    return Table(f"By {name}", (Column(name), *_GROUP_COLUMNS), tuple(map(_group_row, ranking.worst)))


def _group_row(group: GroupPerformance) -> tuple[Cell, ...]:
    one = group.metrics
    return (
        group.name,
        one.calls,
        *_list_share(one.success_rate),
        None if one.retry_rate is None else one.retry_rate.value,
        one.mean_duration_seconds,
        one.mttr.incidents,
        one.mttr.mean_seconds,
        one.mtbf_seconds,
        one.availability,
    )


def _list_share(share: Share | None) -> tuple[float | None, ...]:
    return (None, None, None) if share is None else (share.value, share.low, share.high)


def _show_recovery(data: PerformanceData) -> Section:
    by_type = Table(
        "Time to recovery by type",
        (
            Column("type"),
            Column("incidents"),
            Column("still open"),
            Column("mean", "seconds"),
            Column("median", "seconds"),
        ),
        tuple(
            (name, t.incidents, t.open, t.mean_seconds, t.median_seconds) for name, t in data.recovery_by_type.items()
        ),
    )
    curve = Table(
        "Incidents that last longer",
        (
            Column("than", "seconds"),
            Column("share", "share"),
            Column("low", "share"),
            Column("high", "share"),
            Column("at risk"),
            Column("recovered"),
            Column("last seen open"),
        ),
        tuple(map(_curve_row, data.recovery_curve)),
    )
    return Section("How long it takes to recover", tables=(by_type, curve), charts=_draw_curve(data.recovery_curve))


def _curve_row(step: CurveStep) -> tuple[Cell, ...]:
    return step.seconds, step.still_down, step.low, step.high, step.at_risk, step.recovered, step.open


def _draw_curve(steps: tuple[CurveStep, ...]) -> tuple[Chart, ...]:
    if not steps:
        return ()
    draw = partial(
        draw_recovery_curve,
        [step.seconds for step in steps],
        [step.still_down for step in steps],
        [step.low for step in steps],
        [step.high for step in steps],
    )
    return (Chart("recovery-curve", "Incidents that last longer than a time", draw),)


def _show_rates(over_time: SuccessOverTime) -> Section:
    slots = over_time.slots
    known = tuple((one.start, one.calls, one.success_rate, one.low, one.high) for one in slots if one.calls)
    columns = (
        Column("from"),
        Column("calls"),
        Column("succeeded", "share"),
        Column("low", "share"),
        Column("high", "share"),
    )
    draw = partial(
        draw_success_rate,
        [one.start for one in slots],
        [one.success_rate for one in slots],
        [one.low for one in slots],
        [one.high for one in slots],
    )
    return Section(
        "Success over time",
        tables=(Table(f"In slots of {write_span(over_time.slot_seconds)}", columns, known),),
        notes=("Slots without calls are left out: of none nothing is known.",) if len(known) < len(slots) else (),
        charts=(Chart("success-rate-over-time", "Calls that succeeded, over time", draw),) if known else (),
    )
