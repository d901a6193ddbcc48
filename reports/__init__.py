"""Reports: what failed, what came of it and what to do first, over the outcome store's figures.

The names below are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.lazy import import_lazily

if TYPE_CHECKING:
    from .analytics.analysing import analyze_patterns, analyze_trends, analyze_window
    from .analytics.data import ErrorPatterns
    from .analytics.trend_data import ErrorTrends
    from .making import check_request, make_report
    from .period import Period
    from .price import Price
    from .registry import FORMATS, REPORT_TYPES, print_report, render_report
    from .report import Report
    from .schema import read_schema
    from .sections import Column, Figure, Section, Series, Table
    from .shelf import KeptReport, ReportShelf

__all__ = [
    "FORMATS",
    "REPORT_TYPES",
    "Column",
    "ErrorPatterns",
    "ErrorTrends",
    "Figure",
    "KeptReport",
    "Period",
    "Price",
    "Report",
    "ReportShelf",
    "Section",
    "Series",
    "Table",
    "analyze_patterns",
    "analyze_trends",
    "analyze_window",
    "check_request",
    "make_report",
    "print_report",
    "read_schema",
    "render_report",
]

_HOMES = {
    "analytics.analysing": ("analyze_patterns", "analyze_trends", "analyze_window"),
    "analytics.data": ("ErrorPatterns",),
    "analytics.trend_data": ("ErrorTrends",),
    "making": ("check_request", "make_report"),
    "period": ("Period",),
    "price": ("Price",),
    "registry": ("FORMATS", "REPORT_TYPES", "print_report", "render_report"),
    "report": ("Report",),
    "schema": ("read_schema",),
    "sections": ("Column", "Figure", "Section", "Series", "Table"),
    "shelf": ("KeptReport", "ReportShelf"),
}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)
