"""Say how a report of waste is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..nothing import show_nothing
from ..sections import Cell, Chart, Column, Figure, Section, Table
from .data import CauseLosses, Losses, Money, Spent, WasteData

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Drawing

_CHARTED = 10
_COLUMNS = (
    Column("failed"),
    Column("lost", "seconds"),
    Column("failed again"),
    Column("lost in vain", "seconds"),
    Column("helped"),
    Column("saved", "seconds"),
    Column("untimed"),
)


def show_waste(data: WasteData) -> tuple[Section, ...]:
    """Return the sections of a report of waste."""
    if not data.total.calls:
        return show_nothing(data.known_from)
    return (_show_overview(data), *_show_types(data), *_show_causes(data))


def _show_overview(data: WasteData) -> Section:
    total = data.total
    figures = (
        _figure("Lost by calls that failed", total.failed),
        _figure("Lost in vain, by re-runs that failed too", total.in_vain, "part of what was lost"),
        _figure("Saved by unchanged re-runs", total.helpful_retries, _SAVED),
        _figure("Saved by re-runs after a recovery", total.helpful_recoveries, _SAVED),
        *(_show_money(data.money) if data.money else ()),
    )
    return Section("Overview", figures, notes=tuple(_note(data)))


_SAVED = "how long the work took that nobody had to start again"


def _figure(label: str, spent: Spent, note: str = "") -> Figure:
    return Figure(label, spent.seconds, "seconds", count=spent.calls, note=note)


def _show_money(money: Money) -> Iterator[Figure]:
    price = f"at {money.per_minute:g} {money.currency} a minute"
    yield Figure(f"Lost, {money.currency}", money.lost, note=price)
    yield Figure(f"Lost in vain, {money.currency}", money.in_vain, note="part of what was lost")
    yield Figure(f"Saved, {money.currency}", money.saved, note="what starting the same work again would have cost")


def _note(data: WasteData) -> Iterator[str]:
    if data.total.untimed_calls:
        yield (
            f"{data.total.untimed_calls} of {data.total.calls} calls do not say when they started: they are counted, "
            "but take no time here."
        )
    if data.money is None:
        yield "No costs: reporting.cost_per_minute is not set."


def _show_types(data: WasteData) -> Iterator[Section]:
    names = {one.type: one.losses for one in data.by_type}
    rows = tuple((name, *_cells(losses)) for name, losses in names.items())
    yield Section(
        "By type",
        tables=(Table("Time by type", (Column("type"), *_COLUMNS), rows),),
        charts=tuple(_chart("time-by-type", "Time lost and saved by type", "type", names)),
    )


def _show_causes(data: WasteData) -> Iterator[Section]:
    if data.by_cause:
        columns = (Column("type"), Column("last operation"), Column("message"), *_COLUMNS, Column("fingerprint"))
        names = {_name(one): one.losses for one in data.by_cause}
        yield Section(
            "By cause",
            tables=(Table("Causes that cost most", columns, tuple(map(_cause_row, data.by_cause))),),
            charts=tuple(_chart("time-by-cause", "Time lost and saved by cause", "cause", names)),
        )


def _name(cause: CauseLosses) -> str:
    return f"{cause.fingerprint[:8]} {cause.message}"[:40]


def _cause_row(cause: CauseLosses) -> tuple[Cell, ...]:
    return cause.type, cause.operation, cause.message, *_cells(cause.losses), cause.fingerprint


def _cells(losses: Losses) -> tuple[Cell, ...]:
    return (
        losses.failed.calls,
        losses.failed.seconds,
        losses.in_vain.calls,
        losses.in_vain.seconds,
        losses.helpful_retries.calls + losses.helpful_recoveries.calls,
        losses.saved_seconds,
        losses.untimed_calls,
    )


def _chart(name: str, title: str, what: str, losses: dict[str, Losses]) -> Iterator[Chart]:
    """Yield the chart; none where no time is known."""
    timed = {label: one for label, one in losses.items() if one.failed.seconds or one.saved_seconds}

    def draw() -> Drawing:
        from ..figures import Spent as Bars
        from ..figures import draw_times

        bars = [
            Bars(label, _first(one), one.in_vain.seconds or 0.0, one.saved_seconds or 0.0)
            for label, one in list(timed.items())[:_CHARTED]
        ]
        return draw_times(bars, what=what)

    if timed:
        yield Chart(name, title, draw)


def _first(losses: Losses) -> float:
    """Return the seconds of failed calls that were no re-runs."""
    return (losses.failed.seconds or 0.0) - (losses.in_vain.seconds or 0.0)
