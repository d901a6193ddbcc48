"""The inbox: what is acknowledged but not merged yet, in SQLite, open to any number of writing processes."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from ..core.errors import StoreError
from ..core.file_systems import find_network_file_system
from ..core.folders import make_private_folder
from .answers import note_events
from .event import Event
from .migrating import apply_migrations, check_schema, latest_version
from .patience import find_patience
from .patient_connection import connect_patiently
from .times import from_naive_utc

READ_CHARS = 32_000_000
"""Length of all events that are in memory at once, about."""
_LOG_PAGES = 8000
"""Length of the log, in pages of 4 KB, from which on it is carried over: eight times SQLite's, for many writers."""


class Inbox:
    """Keep events durable from the moment ``add`` returns until they are merged.

    One value may be shared by threads, survives a fork, and makes a deleted file anew. Every fault is a StoreError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._file: int | None = None
        self._inherited: list[sqlite3.Connection] = []

    def exists(self) -> bool:
        """Tell whether anything was ever written here."""
        with explain_faults(self.path):
            return self.path.exists()

    def add(self, events: Iterable[Event]) -> None:
        """Write the events in one transaction; those already waiting are left as they are."""
        ready = list(events)  # whatever makes them may take long, or fail
        with self.hold_alone() as connection:
            note_events(connection, ready)

    def last(self) -> int:
        """Return the sequence number of the newest event that can be merged, 0 when none waits."""
        return self._ask("SELECT coalesce(max(seq), 0) FROM events WHERE parked IS NULL")

    def count(self) -> int:
        """Return how many events wait, those that cannot be merged included."""
        return self._ask("SELECT count(*) FROM events")

    def count_parked(self) -> int:
        """Return how many events cannot be merged."""
        return self._ask("SELECT count(*) FROM events WHERE parked IS NOT NULL")

    def oldest(self) -> datetime | None:
        """Return when the first thing happened that an event tells of that can be merged; None when none waits."""
        with self._use() as connection:
            row = connection.execute("SELECT min(happened_at) FROM events WHERE parked IS NULL").fetchone()
        return from_naive_utc(datetime.fromisoformat(row[0])) if row and row[0] else None

    def holds(self, kind: str, event_id: str) -> bool:
        """Tell whether this event waits."""
        return bool(self._ask("SELECT count(*) FROM events WHERE kind = ? AND id = ?", kind, event_id))

    def read(self, after: int, upto: int, limit: int) -> list[tuple[int, Event]]:
        """Return at most ``limit`` events with their numbers, from the first one after ``after`` on.

        Where they are long there are fewer, at least one.
        """
        query = (
            "SELECT seq, kind, id, payload FROM events "
            "WHERE seq > ? AND seq <= ? AND parked IS NULL ORDER BY seq LIMIT ?"
        )
        found, size = [], 0
        with self._use() as connection, closing(connection.execute(query, (after, upto, limit))) as cursor:
            for seq, kind, event_id, payload in cursor:
                found.append((seq, Event(kind, event_id, payload)))
                size += len(payload)
                if size > READ_CHARS:
                    break
        return found

    def park(self, reasons: Mapping[int, str]) -> None:
        """Keep events that cannot be merged out of further merges, with the reason."""
        with self.hold_alone() as connection:
            values = [(reason, number) for number, reason in reasons.items()]
            connection.executemany("UPDATE events SET parked = ? WHERE seq = ?", values)

    def unpark(self) -> None:
        """Let the next merge try again what could not be merged: this version may know more."""
        with self.hold_alone() as connection:
            connection.execute("UPDATE events SET parked = NULL WHERE parked IS NOT NULL")

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """Hold one consistent view of the file for reading."""
        with self._use() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def hold_alone(self) -> Iterator[sqlite3.Connection]:
        """Hold the only write transaction of all processes; commit at the end, roll back on an error."""
        with self._use() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None and self._owner == os.getpid():
                connection.close()

    def _ask(self, query: str, *parameters: str) -> int:
        with self._use() as connection:
            return int(connection.execute(query, parameters).fetchone()[0])

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        with self._held(), explain_faults(self.path):
            connection = self._open()
            connection.execute(f"PRAGMA busy_timeout = {find_patience() * 1000:.0f}")
            yield connection

    @contextmanager
    def _held(self) -> Iterator[None]:
        seconds = find_patience()
        if not self._lock.acquire(timeout=seconds):
            raise StoreError(f"cannot use the outcome inbox {self.path}: others held it for more than {seconds:.0f} s")
        try:
            yield
        finally:
            self._lock.release()

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._owner != os.getpid():
            # SQLite forbids carrying a connection over a fork, closing it included.
            self._inherited.append(self._connection)
            self._connection = None
        if self._connection is not None and not self._connection.in_transaction and self._find_file() != self._file:
            self._connection.close()  # what is written into a file that was deleted is lost
            self._connection = None
        if self._connection is None:
            self._connection = open_inbox(self.path)
            self._owner, self._file = os.getpid(), self._find_file()
        return self._connection

    def _find_file(self) -> int | None:
        """Return the number of the file that stands in its place; None without one."""
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return None


def open_inbox(path: Path) -> sqlite3.Connection:
    """Open the file, creating it where it is absent, with the newest schema and full durability."""
    make_private_folder(path.parent)
    connection = connect_patiently(path)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = check_schema("inbox", path, _tables(connection), connection.execute)
    if version < latest_version("inbox"):
        path.chmod(0o600)
        _choose_journal(connection, path)
        _migrate(connection, path)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = check_schema("inbox", path, _tables(connection), connection.execute)
        apply_migrations("inbox", version, connection.execute)
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _choose_journal(connection: sqlite3.Connection, path: Path) -> None:
    """Take the write-ahead log, but not where processes of several machines meet: it needs memory that they share."""
    network = find_network_file_system(path.parent)
    if network is None:
        _switch_to_wal(connection)
    else:
        import logging

        logging.getLogger("errclass").warning(
            "errclass.store_on_network_file_system: %s is on %s; a local folder is safer", path, network
        )
        connection.execute("PRAGMA journal_mode = DELETE")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Set the journal mode; SQLite refuses at once, without its usual wait, while another process is doing the same."""
    deadline = time.monotonic() + find_patience()
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in rows]


@contextmanager
def explain_faults(path: Path) -> Iterator[None]:
    """Turn faults of SQLite and of the file system into StoreErrors that say what to do."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)  # without paths in it
        raise StoreError(f"cannot use the outcome inbox {path}: {reason}; {_advice(reason)}") from error


def _advice(message: str) -> str:
    found = (advice for sign, advice in _ADVICE if sign in message)
    return next(found, "check the folder, or set ERRCLASS_STORE to another one").format(seconds=find_patience())


_ADVICE = (
    ("readonly", "make the folder writable, or set ERRCLASS_STORE to one that is"),
    ("Permission denied", "make the folder writable, or set ERRCLASS_STORE to one that is"),
    ("full", "free some space; nothing was written"),
    ("No space left", "free some space; nothing was written"),
    ("locked", "another process held it for more than {seconds:.0f} s"),
    ("locking protocol", "another process took more than {seconds:.0f} s to open it"),
    ("not a database", "move the file away to start a new one; it was left as it is"),
    ("malformed", "the file is damaged and was left as it is; save it with `sqlite3 FILE .recover`, then move it away"),
)
