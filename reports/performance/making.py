"""Make a report on performance: read the figures, and say how they are shown."""

from __future__ import annotations

from ...outcomes import FigureReader
from ..report import ReportBody
from ..report_type import Question, ReportType
from .reading import QUERIES, read_performance
from .showing import show_performance


def make_performance(reader: FigureReader, question: Question) -> ReportBody:
    """Return how well operations worked in a window."""
    data, failures = read_performance(reader, question)
    return ReportBody(data, show_performance(data, failures), failures)


PERFORMANCE = ReportType("Performance of operations", QUERIES, make_performance)
