"""The history file in DuckDB: opened for one merge or one query, never held."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import StoreError
from .folders import sync_folder
from .inbox import Inbox
from .migrating import apply_migrations, check_schema, latest_version

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STORAGE_VERSION = "v1.2.0"
_LONG = re.compile(r"\b(text|facts|document|trace|details) VARCHAR")
"""Columns of whole documents. DuckDB would choose a compression for them that takes three times the room."""
_COMPRESSED = r"\1 VARCHAR USING COMPRESSION zstd"
_HEADER_BYTES = 3 * 4096
"""Before the blocks, of every DuckDB file."""
_USED = "SELECT used_blocks, block_size FROM pragma_database_size() WHERE database_name = 'history'"
_POLL_SECONDS = 0.01
_BUSY_SIGNS = (
    "Could not set lock",
    "already attached",
    "different configuration",
    "being used by another process",
    "Unique file handle conflict",
)
_DAMAGE_SIGNS = ("not a valid DuckDB", "Corrupt", "checksum", "Could not read enough bytes")
# DuckDB's own lock works between processes; within one, two connections would share the file or clash.
_gates: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


class ArchiveBusyError(StoreError):
    """Another process or connection holds the history."""


@contextmanager
def open_archive(path: Path, *, wait: float, writable: bool = False) -> Iterator[DuckDBPyConnection]:
    """Yield a session whose catalogue ``history`` is the file, brought to the newest schema.

    ``wait``: seconds to wait for the lock before ArchiveBusyError. The file must exist. Every fault is a StoreError.
    """
    deadline = time.monotonic() + wait
    with _pass_gate(path, wait), open_session() as session, explain_duckdb(path):
        _attach(session, path, writable, deadline)
        version = _check(session, path)
        if version < latest_version("history"):
            _upgrade(session, path, writable, deadline)
        yield session


def read_version(path: Path, *, wait: float) -> int:
    """Return the schema of the file, which is only read; raises as ``open_archive`` does, and for one that was cut."""
    with _pass_gate(path, wait), open_session() as session, explain_duckdb(path):
        _attach(session, path, False, time.monotonic() + wait)
        version = _check(session, path)
        _require_length(session, path)
        return version


@contextmanager
def open_session() -> Iterator[DuckDBPyConnection]:
    """Yield an in-memory DuckDB whose times are in UTC, and that never fetches an extension from the network."""
    import duckdb

    offline: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    session = duckdb.connect(":memory:", config=offline)
    try:
        session.execute("SET TimeZone = 'UTC'")
        # It is drawn on standard output, where only data may stand; a notebook without widgets has none to hide.
        with suppress(duckdb.InvalidInputException):
            session.execute("SET enable_progress_bar = false")
        yield session
    finally:
        session.close()


def attach_empty(session: DuckDBPyConnection, name: str) -> None:
    """Attach an empty in-memory history under ``name``."""
    session.execute(f"ATTACH ':memory:' AS {name}")
    _migrate(session, name, 0)


def create_archive(path: Path, inbox: Inbox) -> None:
    """Create an empty history beside its inbox, whole or not at all.

    The inbox's write lock keeps other processes from doing the same; a file that a killed process left half made is
    made anew.
    """
    draft = path.with_name(path.name + ".new")
    with inbox.hold_alone(), explain_duckdb(path):
        if path.exists():
            return
        for leftover in (draft, draft.with_name(draft.name + ".wal")):
            leftover.unlink(missing_ok=True)
        write_empty(draft)
        draft.replace(path)
        sync_folder(path.parent)


def write_empty(draft: Path) -> None:
    """Create a history without rows in a new file, readable for its owner only."""
    with open_session() as session:
        session.execute(f"ATTACH {quote(draft)} AS history (STORAGE_VERSION '{STORAGE_VERSION}')")
        draft.chmod(0o600)
        _migrate(session, "history", 0)
        session.execute("DETACH history")


def _attach(session: DuckDBPyConnection, path: Path, writable: bool, deadline: float) -> None:
    mode = "" if writable else "(READ_ONLY)"
    while True:
        try:
            session.execute(f"ATTACH {quote(path)} AS history {mode}")
        except _duckdb_error() as error:
            if not any(sign in str(error) for sign in _BUSY_SIGNS):
                raise
            if time.monotonic() >= deadline:
                raise ArchiveBusyError(f"the outcome history {path} is in use: {_first_line(error)}") from error
            time.sleep(_POLL_SECONDS)
        else:
            return


def _require_length(session: DuckDBPyConnection, path: Path) -> None:
    """Raise StoreError for a file that was cut: DuckDB looks for a block only when a query needs it."""
    if path.with_name(f"{path.name}.wal").exists():  # what it adds is counted and not written yet
        return
    used, size = session.execute(_USED).fetchone() or (0, 1)
    blocks = (path.stat().st_size - _HEADER_BYTES) // size
    # Counting is quick; that one lies beyond the end is the proof.
    if blocks < used and blocks <= _find_last_block(session):
        raise StoreError(
            f"the outcome history {path} was cut: it has {blocks} of {used} blocks; {_advice(_DAMAGE_SIGNS[0])}"
        )


def _find_last_block(session: DuckDBPyConnection) -> int:
    tables = session.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'history'").fetchall()
    session.execute("USE history")
    last = [
        session.execute("SELECT max(block_id) FROM pragma_storage_info(?)", [name]).fetchone() for (name,) in tables
    ]
    session.execute("USE memory")
    return max((row[0] for row in last if row and row[0] is not None), default=-1)


def _check(session: DuckDBPyConnection, path: Path) -> int:
    rows = session.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'history'").fetchall()
    session.execute("USE history")
    version = check_schema("history", path, (name for (name,) in rows), session.execute)
    session.execute("USE memory")
    return version


def _upgrade(session: DuckDBPyConnection, path: Path, writable: bool, deadline: float) -> None:
    """Bring an older file to the newest schema, for which a reader must write once."""
    if not writable:
        session.execute("DETACH history")
        _attach(session, path, True, deadline)
    _migrate(session, "history", _check(session, path))
    if not writable:
        session.execute("DETACH history")
        _attach(session, path, False, deadline)


def _migrate(session: DuckDBPyConnection, name: str, version: int) -> None:
    session.execute(f"USE {name}")
    session.execute("BEGIN")
    try:
        apply_migrations("history", version, lambda sql, *values: session.execute(_LONG.sub(_COMPRESSED, sql), *values))
        session.execute("COMMIT")
    except BaseException:
        session.execute("ROLLBACK")
        raise
    session.execute("USE memory")


@contextmanager
def _pass_gate(path: Path, wait: float) -> Iterator[None]:
    gate = _gates[path.resolve()]
    if not gate.acquire(timeout=max(wait, 0)):
        raise ArchiveBusyError(f"the outcome history {path} is in use by another thread")
    try:
        yield
    finally:
        gate.release()


@contextmanager
def explain_duckdb(path: Path) -> Iterator[None]:
    """Turn faults of DuckDB into StoreErrors that say what to do."""
    try:
        yield
    except _duckdb_error() as error:
        message = _first_line(error)
        raise StoreError(f"cannot use the outcome history {path}: {message}; {_advice(message)}") from error


def _advice(message: str) -> str:
    if any(sign in message for sign in _DAMAGE_SIGNS):
        return "the file was left as it is; move it away to start a new one (what waits in the inbox is kept)"
    return "check the folder's space and permissions, or set ERRCLASS_STORE to another one"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _duckdb_error() -> type[Exception]:
    import duckdb

    return duckdb.Error


def quote(value: Path | str) -> str:
    """Return ``value`` as an SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"
