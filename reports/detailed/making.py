"""Make a detailed report."""

from __future__ import annotations

from typing import Final

from ...outcomes import FigureReader
from ..failure_rows import describe_failure, list_failures
from ..nothing import show_nothing
from ..report import ReportBody
from ..report_type import Question, ReportType
from ..sections import Figure, Section
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
    (known,) = reader.read("known_span", since, until)
    rows = reader.read("newest_failures", since, until, size=MOST_ERRORS)
    return DetailedData(total["failures"], len(rows), tuple(map(describe_failure, rows)), known["known_from"])


def show_detailed(data: DetailedData) -> tuple[Section, ...]:
    """Return the sections of a detailed report."""
    if not data.total_errors:
        return show_nothing(data.known_from)
    left_out = data.total_errors - data.shown
    notes = (f"The newest {data.shown} are listed; {left_out} older ones are not.",) if left_out else ()
    figures = (Figure("Errors", data.total_errors), Figure("Listed", data.shown))
    return (Section("Errors", figures, tables=(list_failures(data.errors),), notes=notes),)


DETAILED = ReportType("Failures one by one", QUERIES, make_detailed)
