"""Make the reports of analytics: find what there is, and say how it is shown."""

from __future__ import annotations

from ...outcomes import FigureReader
from ..report import ReportBody
from ..report_type import Question, ReportType
from .foretelling import find_reach
from .pattern_sections import show_patterns
from .patterns import PATTERN_QUERIES, find_patterns
from .trend_sections import show_trends
from .trends import TREND_QUERIES, find_trends


def make_analytics(reader: FigureReader, question: Question) -> ReportBody:
    """Return the patterns of a window."""
    found = find_patterns(reader, question)
    return ReportBody(found, show_patterns(found), found.total_errors)


def make_trends(reader: FigureReader, question: Question) -> ReportBody:
    """Return the trends of a window."""
    found = find_trends(reader, question)
    return ReportBody(found, show_trends(found), found.current.count)


ANALYTICS = ReportType("Patterns of failures", PATTERN_QUERIES, make_analytics)
TRENDS = ReportType("Trends of failures", TREND_QUERIES, make_trends, find_reach)
