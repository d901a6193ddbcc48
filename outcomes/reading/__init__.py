"""Reading past failures from files: CSV, TSV, JSON Lines, Parquet, JUnit XML, logs."""

from __future__ import annotations

from .formats import read_history
from .history_file import HistoryFile, Row, Skipped

__all__ = ["HistoryFile", "Row", "Skipped", "read_history"]
