"""Look at a store in a folder without changing it: neither made, nor brought to a newer schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..core.errors import StoreError
from ..core.frozen import FrozenDict
from .archive import ArchiveBusyError, read_version
from .condition import SchemaVersions, StoreCondition
from .inbox import explain_faults
from .migrating import check_schema, latest_version

_THOROUGH_BYTES = 256 << 20
"""Size up to which all of the inbox is read for damage."""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def examine_folder(inbox: Path, archive: Path, size_bytes: int, *, wait: float | None) -> StoreCondition:
    """Return how the two files are; ``wait`` are the seconds for whoever has the history, None: that is left alone.

    Raises StoreError for a file that is damaged, foreign, or of a newer version.
    """
    import duckdb

    schemas, busy = {}, ""
    if inbox.exists():
        schemas["inbox"] = SchemaVersions(_examine_inbox(inbox), latest_version("inbox"))
    if wait is not None and archive.exists():
        try:
            schemas["history"] = SchemaVersions(read_version(archive, wait=wait), latest_version("history"))
        except ArchiveBusyError as error:
            busy = str(error)
    return StoreCondition(
        bool(schemas) or bool(busy), f"DuckDB {duckdb.__version__}", FrozenDict(schemas), size_bytes, busy
    )


def _examine_inbox(path: Path) -> int:
    with _open_for_reading(path) as connection:
        tables = [name for (name,) in connection.execute(_TABLES)]
        version = check_schema("inbox", path, tables, connection.execute)
        if path.stat().st_size <= _THOROUGH_BYTES:
            _require_whole(connection, path)
    return version


def _require_whole(connection: sqlite3.Connection, path: Path) -> None:
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        reason = str(said).replace("\n", " ")
        raise StoreError(
            f"the outcome inbox {path} is damaged: {reason}; save it with `sqlite3 FILE .recover`, then move it away"
        )


@contextmanager
def _open_for_reading(path: Path) -> Iterator[sqlite3.Connection]:
    with explain_faults(path):
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=5.0, check_same_thread=False)) as connection:
            yield connection
