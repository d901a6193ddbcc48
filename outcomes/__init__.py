"""The outcome store: what failed, what was decided, what came of it, and what it teaches."""

from __future__ import annotations

from .background import BackgroundMerger
from .events import Event, attempt_events, outcome_events, resolution_event
from .exporting import export_folder, export_lines
from .importing import ImportReport, import_outcomes
from .reading import HistoryFile, Row, Skipped, read_history, read_test_cases
from .restoring import is_export, restore_export
from .store import Store
from .summary import StoreStats
from .training_set import load_training_set

__all__ = [
    "BackgroundMerger",
    "Event",
    "HistoryFile",
    "ImportReport",
    "Row",
    "Skipped",
    "Store",
    "StoreStats",
    "attempt_events",
    "export_folder",
    "export_lines",
    "import_outcomes",
    "is_export",
    "load_training_set",
    "outcome_events",
    "read_history",
    "read_test_cases",
    "resolution_event",
    "restore_export",
]
