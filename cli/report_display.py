"""Show a report on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ..core.escaping import escape_terminal
from ..reports.wording import draw_line, write_cell, write_figure, write_time
from .output import print_table

if TYPE_CHECKING:
    from ..reports import Report, Section, Series, Table
    from ..reports.sections import Cell, Unit


def display_report(report: Report) -> None:
    """Print a report as tables."""
    click.echo(f"{report.title}, {write_time(report.period.since)} to {write_time(report.period.until)}")
    for name, values in report.filters.items():
        click.echo(escape_terminal(f"only where {name} is {' or '.join(values)}"))
    for section in report.sections:
        click.echo(f"\n{section.title.upper()}")
        _display_section(section)


def _display_section(section: Section) -> None:
    for note in section.notes:
        click.echo(note)
    if section.figures:
        print_table(
            "", ("figure", "value", "note"), ((one.label, write_figure(one), one.note) for one in section.figures)
        )
    for series in section.series:
        click.echo(_write_series(series))
    for table in section.tables:
        if table.rows:
            print_table(table.name, [column.name for column in table.columns], _list_rows(table))


def _write_series(series: Series) -> str:
    highest = max(series.values, default=0)
    return f"{series.name}, one bar per {series.slot}, the highest is {highest}\n{draw_line(series.values)}"


def _list_rows(table: Table) -> Iterator[list[object]]:
    return (
        [_write(value, column.unit) for value, column in zip(row, table.columns, strict=True)] for row in table.rows
    )


def _write(value: Cell, unit: Unit) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) else write_cell(value, unit)
