"""Read a file or folder of past failures, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ...core.errors import UsageError
from .delimited import read_delimited
from .history_file import HistoryFile, Row, Skipped
from .jsonl import read_jsonl
from .junit import read_junit
from .logs import LOG_SUFFIXES, has_logs, read_folder, read_log
from .parquet import read_parquet
from .table import Record, open_table

_KNOWN = ".csv .tsv .jsonl .ndjson .parquet .xml .log .txt"


def read_history(path: str | Path, *, text_column: str | None = None, label_column: str | None = None) -> HistoryFile:
    """Open past failures for reading, by the file's suffix; rows are read as they are asked for.

    Raises UsageError for what cannot be read at all: missing, empty, binary, no usable row, no plain text column.
    Broken rows are skipped and counted.
    """
    location = Path(path)
    try:
        history = _open_any(location, text_column, label_column)
        return replace(history, rows=_require_row(history))
    except OSError as error:
        raise UsageError(f"cannot read {location}: {error.strerror or error}") from error


def _open_any(path: Path, text_column: str | None, label_column: str | None) -> HistoryFile:
    skipped = Skipped()
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    if path.is_dir() or _is_whole(path):
        return HistoryFile(path, _read_whole(path, skipped), skipped)
    return open_table(path, _read_records(path, skipped), skipped, text_column, label_column)


def _is_whole(path: Path) -> bool:
    return path.suffix.lower() in LOG_SUFFIXES | {".xml"}


def _read_whole(path: Path, skipped: Skipped) -> Iterator[Row]:
    if path.is_dir():
        if not has_logs(path):
            raise UsageError(f"{path} holds no .log or .txt file; name tables and reports one by one")
        return read_folder(path, skipped)
    return read_junit(path, skipped) if path.suffix.lower() == ".xml" else read_log(path)


def _read_records(path: Path, skipped: Skipped) -> Iterator[Record]:
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".tab":
            return read_delimited(path, skipped)
        case ".jsonl" | ".ndjson" | ".json":
            return read_jsonl(path, skipped)
        case ".parquet" | ".pq":
            return read_parquet(path)
        case suffix:
            raise UsageError(f"{path}: cannot read {suffix} files; known are {_KNOWN} and folders of logs")


def _require_row(history: HistoryFile) -> Iterator[Row]:
    """Read up to the first row, so that a file without any is refused before anything is done with it."""
    first = next(history.rows, None)
    if first is None:
        reasons = "; ".join(history.skipped.describe()) or "it is empty or reports no failure"
        raise UsageError(f"{history.path} has no usable row: {reasons}")
    return chain([first], history.rows)
