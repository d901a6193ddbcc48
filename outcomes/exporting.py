"""Write everything that a store holds into files that any program reads, and that another store takes in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from ..core.errors import UsageError
from .archive import quote
from .tables import TABLES
from .times import to_naive_utc

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from .store import Store

FolderFormat = Literal["csv", "parquet"]
TIMES = {
    "failures": "occurred_at",
    "decisions": "recorded_at",
    "resolutions": "resolved_at",
    "labels": "labelled_at",
    "label_undos": "undone_at",
    "attempts": "ended_at",
    "actions": "ended_at",
    "notifications": "created_at",
    "test_results": "occurred_at",
    "registry": "happened_at",
}
"""Which column of each table tells when it happened."""
_FORMULA = r"^'*[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]".replace("'", "''")
"""What a spreadsheet would take for a formula, as in ``core.csv_cells``; within an SQL text."""


def export_lines(store: Store, target: BinaryIO, *, since: datetime | None = None) -> int:
    """Write one JSON object per row of every table, each with its ``table`` and its ``id``, and return their number.

    The history is held only while temporary files are written, not while the reader of ``target`` takes its time.
    """
    if not store.exists():
        return 0
    with tempfile.TemporaryDirectory(prefix="errclass-") as folder:
        parts = list(_write_parts(store, Path(folder), "jsonl", since))
        for _, path in parts:
            with path.open("rb") as part:
                shutil.copyfileobj(part, target)
    return sum(count for count, _ in parts)


def export_folder(store: Store, folder: Path, form: FolderFormat, *, since: datetime | None = None) -> int:
    """Write one file per table into a new or empty folder and return the number of rows.

    In CSV, cells that a spreadsheet would take for a formula get an apostrophe in front.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: exists and is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    return sum(count for count, _ in _write_parts(store, folder, form, since)) if store.exists() else 0


def _write_parts(store: Store, folder: Path, form: str, since: datetime | None) -> Iterator[tuple[int, Path]]:
    with store.reading() as session:
        for table in TABLES:
            path = folder / f"{table}.{form}"
            count = _write_part(session, table, path, form, since)
            if count:
                yield count, path
            else:
                path.unlink(missing_ok=True)


def _write_part(session: DuckDBPyConnection, table: str, path: Path, form: str, since: datetime | None) -> int:
    time = TIMES[table]
    where = f"WHERE {time} >= $since" if since else ""
    query = f"SELECT {_columns(table, form)} FROM {table} {where} ORDER BY {time}, id"
    options = {"jsonl": "FORMAT json", "csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet"}[form]
    values = {"since": to_naive_utc(since)} if since else {}
    (count,) = session.execute(f"COPY ({query}) TO {quote(path)} ({options})", values).fetchall()[0]
    return int(count)


def _columns(table: str, form: str) -> str:
    if form != "csv":
        return f"'{table}' AS \"table\", *"
    return ", ".join(
        f"CASE WHEN regexp_matches({name}, '{_FORMULA}') THEN '''' || {name} ELSE {name} END AS {name}"
        if kind == "VARCHAR"
        else name
        for name, kind in TABLES[table].items()
    )
