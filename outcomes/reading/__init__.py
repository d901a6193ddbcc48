"""Reading past failures from files: tables, reports, logs, and what CI systems give of their jobs."""

from __future__ import annotations

from .formats import read_history
from .history_file import HistoryFile, Row, Skipped
from .importer import Importer
from .registry import list_importers
from .source import Source
from .test_results import ReadCase, read_test_cases

__all__ = [
    "HistoryFile",
    "Importer",
    "ReadCase",
    "Row",
    "Skipped",
    "Source",
    "list_importers",
    "read_history",
    "read_test_cases",
]
