"""Read a file or folder of past failures, whatever its format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ...core.errors import UsageError
from ..bounds import READ_BYTES, bound_text
from .history_file import HistoryFile, Row, Skipped
from .registry import choose_importer, find_importer
from .source import Source


def read_history(
    path: str | Path, *, text_column: str | None = None, label_column: str | None = None, importer: str | None = None
) -> HistoryFile:
    """Open past failures for reading, by what recognises the file or by the importer named; rows are read as asked for.

    Raises UsageError for what cannot be read at all: missing, empty, binary, no usable row, no plain text column.
    Broken rows are skipped and counted.
    """
    source = Source(Path(path), text_column, label_column)
    try:
        if not source.path.exists():
            raise UsageError(f"{path} does not exist")
        chosen = find_importer(importer) if importer else choose_importer(source)
        rows = _require_row(_keep_usable(chosen.read(source), source.skipped), source)
        return HistoryFile(source.path, rows, source.skipped, source.columns)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error


def _keep_usable(rows: Iterable[Row], skipped: Skipped) -> Iterator[Row]:
    """Hold every importer to what a row promises: a text that says something, and no more than can be read."""
    for row in rows:
        if problem := _find_problem(row.text):
            skipped.add(problem, row.place)
        else:
            yield replace(row, text=bound_text(row.text, READ_BYTES))


def _find_problem(text: str) -> str | None:
    if not text.strip():
        return "empty text"
    return "NUL character in the text" if "\x00" in text else None


def _require_row(rows: Iterator[Row], source: Source) -> Iterator[Row]:
    """Read up to the first row, so that a file without any is refused before anything is done with it."""
    first = next(rows, None)
    if first is None:
        reasons = "; ".join(source.skipped.describe()) or "it is empty or reports no failure"
        raise UsageError(f"{source.path} has no usable row: {reasons}")
    return chain([first], rows)
