"""Make a summary: read the figures, and say how they are shown."""

from __future__ import annotations

from ...outcomes import FigureReader
from ..report import ReportBody
from ..report_type import Question, ReportType
from .reading import QUERIES, read_summary
from .showing import show_summary


def make_summary(reader: FigureReader, question: Question) -> ReportBody:
    """Return the summary of a window."""
    data = read_summary(reader, question)
    return ReportBody(data, show_summary(data, question.period), data.total_errors)


SUMMARY = ReportType("Summary of failures", QUERIES, make_summary, lambda period: period.before.since)
