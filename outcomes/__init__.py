"""The outcome store: what failed, what was decided, what came of it, and what it teaches."""

from __future__ import annotations

from .importing import ImportReport, import_outcomes
from .reading import HistoryFile, Row, Skipped, read_history
from .store import Store
from .summary import StoreStats
from .time_slice import LabelledOutcome, load_labelled, newest_slice
from .training_set import load_training_set
from .windows import Place, Window, read_window

__all__ = [
    "HistoryFile",
    "ImportReport",
    "LabelledOutcome",
    "Place",
    "Row",
    "Skipped",
    "Store",
    "StoreStats",
    "Window",
    "import_outcomes",
    "load_labelled",
    "load_training_set",
    "newest_slice",
    "read_history",
    "read_window",
]
