"""Say how patterns are shown: what to act on first comes first."""

from __future__ import annotations

from collections.abc import Iterator

from ..figures.week import draw_week
from ..nothing import show_nothing
from ..sections import Cell, Chart, Figure, Section, Series, Table
from .data import Anomaly, CauseList, CauseState, ErrorPatterns, PairList, Seasonality, SlotCount
from .insights import WEEKDAYS
from .showing import explain_gaps, make_table, show_insights

_ANOMALIES = {
    "frequency_spike": "more errors than usual",
    "new_fingerprint": "new cause",
    "severity_shift": "severity more or less frequent than usual",
}
_PAIRS = {
    "type_environment": ("Type and environment", "type", "environment", "errors"),
    "severity_component": ("Severity and component", "severity", "component", "errors"),
    "type_operation": ("Type and operation", "type", "operation", "errors"),
    "same_run": ("Types in the same run", "type", "other type", "runs"),
    "ten_minutes": ("Types within ten minutes", "type", "other type", "times"),
}


def show_patterns(found: ErrorPatterns) -> tuple[Section, ...]:
    """Return the sections of patterns; of a window without failures only what says so."""
    if not found.total_errors and not found.fingerprints.absent:
        return show_nothing(found.known_from)
    return (
        _show_overview(found),
        show_insights(found.insights),
        _show_unusual(found),
        _show_causes(found),
        _show_times(found),
        Section("What and where", tables=tuple(_list_counts(found))),
        _show_pairs(found),
    )


def _show_overview(found: ErrorPatterns) -> Section:
    causes, times = found.fingerprints, found.patterns.temporal
    figures = (
        Figure("Errors", found.total_errors),
        Figure("New causes", causes.new.causes, note="never seen before"),
        Figure("Regressed causes", causes.regressed.causes, note="back after at least 14 days"),
        Figure("Recurring causes", causes.recurring.causes),
        Figure("Causes gone quiet", causes.gone_quiet.causes, note="absent, and that is no chance"),
        Figure("Out of the usual", len(found.anomalies)),
        _show_cycle("Daily cycle", times.daily_cycle),
        _show_cycle("Weekly cycle", times.weekly_cycle),
    )
    return Section("Overview", figures, notes=explain_gaps(found.not_judged))


def _show_cycle(name: str, cycle: Seasonality | None) -> Figure:
    if cycle is None:
        return Figure(name, None, "share", note="not known")
    verdict = "significant" if cycle.significant else "chance alone may explain it"
    note = f"share of the variation that it explains, by days; {verdict} (p = {cycle.p_value:.2g})"
    return Figure(name, cycle.strength, "share", count=cycle.days, note=note)


def _show_unusual(found: ErrorPatterns) -> Section:
    notes = () if found.anomalies else ("Nothing is out of the usual.",)
    return Section("Out of the usual", tables=(_show_anomalies(found.anomalies),), notes=notes)


def _show_anomalies(anomalies: tuple[Anomaly, ...]) -> Table:
    columns = "what, which, since, until, observed, expected, low, high, p:probability, q:probability"
    rows = (
        (
            _ANOMALIES[one.kind],
            one.subject,
            one.since,
            one.until,
            *(_write_amount(value, one) for value in (one.observed, one.expected, one.low, one.high)),
            one.p_value,
            one.q_value,
        )
        for one in anomalies
    )
    return make_table("Anomalies", columns, rows)


def _write_amount(value: float, anomaly: Anomaly) -> Cell:
    """Return errors as they are, and shares as numbers below 1: both stand in one column."""
    return int(value) if anomaly.unit == "failures" and value == int(value) else value


def _show_causes(found: ErrorPatterns) -> Section:
    causes = found.fingerprints
    groups = {
        "New": causes.new,
        "Regressed": causes.regressed,
        "Recurring": causes.recurring,
        "Gone quiet": causes.gone_quiet,
    }
    notes = tuple(
        f"{name}: the first {len(one.listed)} of {one.causes} are listed."
        for name, one in groups.items()
        if len(one.listed) < one.causes
    )
    return Section("Causes", tables=tuple(_show_list(name, one) for name, one in groups.items()), notes=notes)


def _show_list(name: str, causes: CauseList) -> Table:
    columns = (
        "errors, before, first seen, last seen, silence:seconds, silent by chance:probability, type, severity,"
        " last operation, message, fingerprint"
    )
    return make_table(name, columns, map(_cause_row, causes.listed))


def _cause_row(cause: CauseState) -> tuple[Cell, ...]:
    silence = (cause.silence_seconds, cause.silence_probability)
    named = (cause.type, cause.severity, cause.operation, cause.message, cause.fingerprint)
    return cause.count, cause.count_before, cause.first_seen, cause.last_seen, *silence, *named


def _show_times(found: ErrorPatterns) -> Section:
    times = found.patterns.temporal
    series = (
        Series("Errors by hour of the day", tuple(one.count for one in times.hours), "hour"),
        *(Series(f"{name} by hour", row, "hour") for name, row in zip(WEEKDAYS, times.week, strict=True)),
    )
    tables = (
        _show_slots("By hour of the day", "hour", times.hours, tuple(f"{hour:02}:00" for hour in range(24))),
        _show_slots("By day of the week", "day", times.weekdays, WEEKDAYS),
    )
    chart = Chart("errors-by-week", "Errors by day of the week and hour", lambda: draw_week(times.week, WEEKDAYS))
    return Section("When", series=series, tables=tables, charts=(chart,))


def _show_slots(name: str, first: str, slots: tuple[SlotCount, ...], names: tuple[str, ...]) -> Table:
    rows = (
        (names[one.slot], one.count, one.expected, one.p_value, one.q_value, one.stands_out)
        for one in slots
        if one.count or one.expected
    )
    return make_table(name, f"{first}, errors, expected, p:probability, q:probability, stands out", rows)


def _list_counts(found: ErrorPatterns) -> Iterator[Table]:
    patterns = found.patterns
    for name, attribute in (
        ("type", patterns.by_type),
        ("category", patterns.by_category),
        ("severity", patterns.by_severity),
        ("environment", patterns.by_environment),
        ("component", patterns.by_component),
        ("tool", patterns.by_tool),
        ("repository", patterns.by_repository),
        ("branch", patterns.by_branch),
    ):
        if attribute.known_values == sum(one.value is None for one in attribute.counts):
            continue  # nothing is known of it
        rows = ((one.value, one.count, one.share, one.low, one.high) for one in attribute.counts)
        yield make_table(f"By {name}", f"{name}, errors, share:share, low:share, high:share", rows)


def _show_pairs(found: ErrorPatterns) -> Section:
    tables = tuple(_list_pairs(found))
    notes = () if any(table.rows for table in tables) else ("No two things were seen together.",)
    return Section("What comes together", tables=tables, notes=notes)


def _list_pairs(found: ErrorPatterns) -> Iterator[Table]:
    for kind, (name, one, other, unit) in _PAIRS.items():
        pairs: PairList = getattr(found.correlations, kind)
        rows = (
            (pair.value, pair.other_value, pair.together, pair.expected, pair.lift, pair.q_value, pair.significant)
            for pair in pairs.pairs
        )
        yield make_table(name, f"{one}, {other}, {unit}, expected, lift, q:probability, than by chance", rows)
