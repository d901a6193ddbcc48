"""Reports as Markdown, for pull requests and chats: tables, and lines of bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...core.markup import escape_markdown
from ..report import Report
from ..sections import Cell, Figure, Section, Series, Table, Unit
from ..wording import draw_line, write_cell, write_figure, write_time


def render_markdown(report: Report) -> str:
    """Return the report in GitHub's Markdown; text from logs and contexts is escaped."""
    return "\n\n".join(_list_blocks(report)) + "\n"


def _list_blocks(report: Report) -> Iterator[str]:
    yield f"# {report.title}"
    yield f"{write_time(report.period.since)} to {write_time(report.period.until)}"
    if report.filters:
        pairs = (f"{name} is {' or '.join(values)}" for name, values in report.filters.items())
        yield escape_markdown(f"Only where {', '.join(pairs)}.")
    for section in report.sections:
        yield f"## {section.title}"
        yield from _list_parts(section)


def _list_parts(section: Section) -> Iterator[str]:
    yield from section.notes
    if section.figures:
        yield _write_figures(section.figures)
    yield from (_write_series(series) for series in section.series)
    yield from (_write_table(table) for table in section.tables if table.rows)


def _write_figures(figures: Iterable[Figure]) -> str:
    rows = ((figure.label, write_figure(figure), figure.note) for figure in figures)
    return _write_grid(("figure", "value", "note"), rows)


def _write_series(series: Series) -> str:
    bars = draw_line(series.values)
    return f"**{series.name}**, one bar per {series.slot}, the highest is {max(series.values, default=0)}: `{bars}`"


def _write_table(table: Table) -> str:
    rows = (
        tuple(_write_cell(value, column.unit) for value, column in zip(row, table.columns, strict=True))
        for row in table.rows
    )
    return f"**{table.name}**\n\n{_write_grid([column.name for column in table.columns], rows)}"


def _write_cell(value: Cell, unit: Unit) -> str:
    return escape_markdown(value) if isinstance(value, str) else write_cell(value, unit)


def _write_grid(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(names)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
