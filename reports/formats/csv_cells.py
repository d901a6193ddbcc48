"""Reports as CSV, for spreadsheets: one value a row, with where it belongs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.csv_cells import escape_cell
from ...core.jsonable import to_jsonable
from ...core.markup import clean_line
from ..report import Report
from ..sections import Cell, Figure, Section, Series, Table, Unit

COLUMNS = ("section", "name", "row", "field", "value", "unit")


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    row: int | None
    field: str
    value: Cell
    unit: Unit = ""


def render_csv(report: Report) -> str:
    """Return the report with a header; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for section in (_head(report), *report.sections):
        for line in _list_lines(section):
            cells = (section.title, line.name, line.row, line.field, line.value, line.unit)
            writer.writerow([_cell(value) for value in cells])
    return target.getvalue()


def _head(report: Report) -> Section:
    filters = ", ".join(f"{name}={value}" for name, values in report.filters.items() for value in values)
    facts: dict[str, Cell] = {
        "type": report.type,
        "since": report.period.since,
        "until": report.period.until,
        "filters": filters,
    }
    return Section("Report", tuple(Figure(name, value) for name, value in facts.items()))


def _list_lines(section: Section) -> Iterator[_Line]:
    for figure in section.figures:
        yield from _list_figure(figure)
    for series in section.series:
        yield from _list_series(series)
    for table in section.tables:
        yield from _list_table(table)
    for number, note in enumerate(section.notes, 1):
        yield _Line("note", number, "text", note)


def _list_figure(figure: Figure) -> Iterator[_Line]:
    yield _Line(figure.label, None, "value", figure.value, figure.unit)
    for field, value in (("low", figure.low), ("high", figure.high)):
        if value is not None:
            yield _Line(figure.label, None, field, value, figure.unit)
    if figure.count is not None:
        yield _Line(figure.label, None, "n", figure.count)


def _list_series(series: Series) -> Iterator[_Line]:
    return (_Line(series.name, number, series.slot, value) for number, value in enumerate(series.values, 1))


def _list_table(table: Table) -> Iterator[_Line]:
    return (
        _Line(table.name, number, column.name, value, column.unit)
        for number, row in enumerate(table.rows, 1)
        for column, value in zip(table.columns, row, strict=True)
    )


def _cell(value: Cell) -> Any:
    if isinstance(value, datetime):
        return to_jsonable(value)
    return escape_cell(clean_line(value)) if isinstance(value, str) else value
