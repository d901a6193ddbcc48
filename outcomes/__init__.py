"""The outcome store: what failed, what was decided, what came of it, and what it teaches."""

from __future__ import annotations

from .importing import ImportReport, import_outcomes
from .reading import HistoryFile, Row, Skipped, read_history
from .store import Store
from .summary import StoreStats
from .time_slice import LabelledOutcome, load_labelled, newest_slice
from .training_set import load_training_set

__all__ = [
    "HistoryFile",
    "ImportReport",
    "LabelledOutcome",
    "Row",
    "Skipped",
    "Store",
    "StoreStats",
    "import_outcomes",
    "load_labelled",
    "load_training_set",
    "newest_slice",
    "read_history",
]
