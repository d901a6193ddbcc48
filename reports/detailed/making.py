"""Make a detailed report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...outcomes import FigureReader
from ..failure_rows import describe_failure
from ..known_span import find_known_from
from ..nothing import show_nothing
from ..report import ReportBody
from ..report_type import Question, ReportType
from ..sections import Cell, Column, Figure, Section, Table
from .data import DetailedData

MOST_ERRORS: Final = 1000
"""So many are listed; raw data has more."""
QUERIES = ("failure_total", "known_span", "newest_failures")


def make_detailed(reader: FigureReader, question: Question) -> ReportBody:
    """Return the failures of a window."""
    data = read_detailed(reader, question)
    return ReportBody(data, show_detailed(data), data.total_errors)


def read_detailed(reader: FigureReader, question: Question) -> DetailedData:
    """Return what a detailed report holds."""
    since, until = question.period.since, question.period.until
    (total,) = reader.read("failure_total", since, until)
    rows = reader.read("newest_failures", since, until, size=MOST_ERRORS)
    known_from = find_known_from(reader, question.period)
    return DetailedData(total["failures"], len(rows), tuple(map(describe_failure, rows)), known_from)


def show_detailed(data: DetailedData) -> tuple[Section, ...]:
    """Return the sections of a detailed report."""
    if not data.total_errors:
        return show_nothing(data.known_from)
    left_out = data.total_errors - data.shown
    notes = (f"The newest {data.shown} are listed; {left_out} older ones are not.",) if left_out else ()
    figures = (Figure("Errors", data.total_errors), Figure("Listed", data.shown))
    table = Table("Errors, newest first", _COLUMNS, tuple(map(_list_cells, data.errors)))
    return (Section("Errors", figures, tables=(table,), notes=notes),)


_COLUMNS = (
    *map(Column, ("time", "type", "severity", "message", "environment", "component", "operation", "state")),
    Column("escalated"),
    Column("resolved after", "seconds"),
    Column("attempts"),
    Column("id"),
)


def _list_cells(error: Mapping[str, Any]) -> tuple[Cell, ...]:
    what = (error["time"], error["type"], error["severity"], error["message"])
    where = (error["environment"], error["component"], error["operation"])
    came = (_name_state(error), error["escalated"], error["resolution_seconds"], error["attempts"])
    return *what, *where, *came, error["id"]


def _name_state(error: Mapping[str, Any]) -> str:
    return "resolved" if error["resolved"] else "pending" if error["pending"] else "given up"


DETAILED = ReportType("Failures one by one", QUERIES, make_detailed)
