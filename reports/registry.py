"""The types and formats there are, each imported only when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from ..core.errors import UsageError
from ..core.suggesting import join_names, suggest_name
from .report import Report

REPORT_TYPES: Final[Mapping[str, str]] = {
    "analytics": "analytics.making:ANALYTICS",
    "detailed": "detailed.making:DETAILED",
    "model": "model.making:MODEL",
    "performance": "performance.making:PERFORMANCE",
    "summary": "summary.making:SUMMARY",
    "trends": "analytics.making:TRENDS",
    "waste": "waste.making:WASTE",
}
"""Name -> the ``ReportType``; its schema is ``schemas/<name>.json``."""
FORMATS: Final[Mapping[str, str]] = {
    "csv": "formats.csv_cells:render_csv",
    "html": "formats.page:render_page",
    "json": "formats.json_document:render_json",
    "md": "formats.markdown:render_markdown",
}
"""Name, which is also the ending of a file -> what makes a report into text."""
PRINTED: Final = ("pdf",)
"""Formats that are no text: a browser of this machine prints them."""
_DRAWING = ("html",)
"""Formats that can show charts."""


def load_type(name: str) -> Any:
    """Return the ``ReportType`` of a name; raise UsageError for an unknown one."""
    return _load("report type", REPORT_TYPES, name)


def render_report(report: Report, form: str, *, include_charts: bool = True) -> str:
    """Return the report as text of a format; raise UsageError for an unknown one.

    Only ``html`` can show charts, and has them unless ``include_charts`` is false.
    """
    renderer: Callable[..., str] = _load("format", FORMATS, form)
    return renderer(report, include_charts=include_charts) if form in _DRAWING else renderer(report)


def print_report(report: Report, browser: str | None = None, *, include_charts: bool = True) -> bytes:
    """Return the report as a PDF, printed by a browser of this machine; ``browser`` names one.

    Raises UsageError where there is none, or it fails.
    """
    from .formats.pdf import print_pdf

    return print_pdf(report, browser, include_charts=include_charts)


def _load(kind: str, known: Mapping[str, str], name: str) -> Any:
    if name not in known:
        raise UsageError(f"no {kind} is called {name!r}{suggest_name(name, known)}; there are {join_names(known)}")
    module, attribute = known[name].split(":")
    return getattr(import_module(f".{module}", __package__), attribute)
