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
    "performance": "performance.making:PERFORMANCE",
    "summary": "summary.making:SUMMARY",
    "trends": "analytics.making:TRENDS",
}
"""Name -> the ``ReportType``; its schema is ``schemas/<name>.json``."""
FORMATS: Final[Mapping[str, str]] = {
    "csv": "formats.csv_cells:render_csv",
    "html": "formats.page:render_page",
    "json": "formats.json_document:render_json",
    "md": "formats.markdown:render_markdown",
}
"""Name, which is also the ending of a file -> what makes a report into text."""


def load_type(name: str) -> Any:
    """Return the ``ReportType`` of a name; raise UsageError for an unknown one."""
    return _load("report type", REPORT_TYPES, name)


def render_report(report: Report, form: str) -> str:
    """Return the report as text of a format; raise UsageError for an unknown one."""
    renderer: Callable[[Report], str] = _load("format", FORMATS, form)
    return renderer(report)


def _load(kind: str, known: Mapping[str, str], name: str) -> Any:
    if name not in known:
        raise UsageError(f"no {kind} is called {name!r}{suggest_name(name, known)}; there are {join_names(known)}")
    module, attribute = known[name].split(":")
    return getattr(import_module(f".{module}", __package__), attribute)
