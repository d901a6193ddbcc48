"""Make a report of waste."""

from __future__ import annotations

from ...outcomes import FigureReader
from ..report import ReportBody
from ..report_type import Question, ReportType
from .reading import QUERIES, read_waste
from .showing import show_waste


def make_waste(reader: FigureReader, question: Question) -> ReportBody:
    """Return what failures of a window cost, and what re-runs saved."""
    data = read_waste(reader, question)
    return ReportBody(data, show_waste(data), data.total.failed.calls)


WASTE = ReportType("Time lost and saved", QUERIES, make_waste)
