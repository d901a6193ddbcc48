"""Move what waits in the inbox into the history, each event exactly once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.ids import new_id
from .answers import Rows, copy_summaries, forget_old, note_successes, read_copy, write_copy
from .archive import create_archive, open_archive
from .event import Event
from .inbox import Inbox
from .inserting import insert_absent, refusals
from .merge_lock import hold_merge_lock
from .records import UNREADABLE, Record, group_rows, read_event
from .sql_files import load_sql
from .summarising import SUMMARIES, SUMMARISED, add_fresh, changes_groups, drop_stages, rebuild_summaries

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 8000
"""Events per transaction, or as many as ``inbox.READ_CHARS`` allows."""
FORGET_FROM = 100
"""Events in a merge from which on it also drops failures that no question reaches back to; it has to look at all."""
ROUNDS = 20
"""Looks for new events in one merge: writers that never pause must not keep readers out for ever."""
_CHANGED = {
    "summaries": "(scope, name) IN (SELECT scope, name FROM touched_groups)",
    "recovery_summaries": "(scope, name) IN (SELECT scope, name FROM touched_groups)",
    "test_summaries": "test IN (SELECT test FROM fresh_test_results)",
}
_SUCCESSES = """
SELECT operation, max(resolved_at) FROM fresh_recoveries
WHERE source IS DISTINCT FROM 'import' GROUP BY operation
"""

Batch = Sequence[tuple[int, Event]]


def merge_inbox(inbox: Inbox, path: Path, *, wait: float, now: Callable[[], datetime]) -> int:
    """Merge all events that wait now and return their number; raise ArchiveBusyError when the history stays locked.

    A kill at any moment loses nothing and doubles nothing: rows are inserted where their id is absent, committed with
    the summaries, and only then deleted from the inbox. Whichever process finds the inbox's copies of the summaries
    not to be those of this history makes them anew.
    """
    if _is_done(inbox, path):
        return 0
    with write_history(inbox, path, wait=wait) as session:
        merged = _merge_all(session, inbox, inbox.last())
    if merged > FORGET_FROM:
        with inbox.hold_alone() as connection:
            forget_old(connection, now())
    return merged


@contextmanager
def write_history(inbox: Inbox, path: Path, *, wait: float) -> Iterator[DuckDBPyConnection]:
    """Yield a session whose catalogue in use is the history, made if it is absent, its counts copied to the inbox."""
    inbox.last()  # makes the folder and the inbox
    with hold_merge_lock(path.parent, wait=wait):
        if not path.exists():
            create_archive(path, inbox)
        with open_archive(path, wait=wait, writable=True) as session:
            session.execute("USE history")
            _bring_copies_up(session, inbox)
            yield session
            session.execute("USE memory")


@contextmanager
def recounting(session: DuckDBPyConnection, inbox: Inbox) -> Iterator[None]:
    """Make what is done meanwhile and the counts made anew after it one transaction, and copy the counts."""
    session.execute("BEGIN")
    yield
    rebuild_summaries(session.execute)
    session.execute("UPDATE store_state SET merges = merges + 1")
    session.execute("COMMIT")
    _bring_copies_up(session, inbox)


def _is_done(inbox: Inbox, path: Path) -> bool:
    """Tell whether nothing waits and the inbox has copies of the history's summaries, if there is a history."""
    if inbox.last():
        return False
    with inbox.look() as connection:
        return read_copy(connection) is not None or not path.exists()


def _bring_copies_up(session: DuckDBPyConnection, inbox: Inbox) -> None:
    """Make the summaries of a history that has none yet, and copies of them where the inbox's are of something else."""
    # All of it, for DuckDB 2 keeps the connection busy until a result is at its end.
    state = next(iter(session.execute("SELECT store_id, merges FROM store_state").fetchall()), None)
    if state is None:
        state = (new_id(), 0)
        session.execute("BEGIN")
        rebuild_summaries(session.execute)
        session.execute("INSERT INTO store_state VALUES (?, ?)", list(state))
        session.execute("COMMIT")
    with inbox.look() as connection:
        known = read_copy(connection)
    if known != state:
        _copy_all(session, inbox, state)


def _copy_all(session: DuckDBPyConnection, inbox: Inbox, state: tuple[str, int]) -> None:
    rows = {table: session.execute(f"SELECT * FROM {table}").fetchall() for table in SUMMARIES}
    successes = session.execute(
        "SELECT operation, max(resolved_at) FROM resolutions JOIN failures ON failures.id = resolutions.failure_id "
        "WHERE success AND source IS DISTINCT FROM 'import' GROUP BY operation"
    ).fetchall()
    with inbox.hold_alone() as connection:
        copy_summaries(connection, rows, whole=True)
        note_successes(connection, successes)
        write_copy(connection, *state)


def _merge_all(session: DuckDBPyConnection, inbox: Inbox, upto: int) -> int:
    """Merge what waits, and what comes meanwhile: whoever finds the history in use need not wait for it."""
    merged, after, rounds = 0, 0, 0
    while upto > after and rounds < ROUNDS:
        while batch := inbox.read(after, upto, BATCH):
            merged += _merge_batch(session, inbox, batch)
            after = batch[-1][0]
        upto, rounds = inbox.last(), rounds + 1
    return merged


def _merge_batch(session: DuckDBPyConnection, inbox: Inbox, batch: Batch) -> int:
    """Merge one batch; an event that the history refuses is parked, and the others go on."""
    rows = {number: read_event(event) for number, event in batch}
    readable = {number: found for number, found in rows.items() if found is not None}
    parked = dict.fromkeys(set(rows) - set(readable), UNREADABLE)
    if parked:
        inbox.park(parked)
    if not readable:
        return 0
    try:
        _write(session, inbox, readable)
    except refusals() as error:
        session.execute("ROLLBACK")
        if len(batch) == 1:
            inbox.park({batch[0][0]: str(error).partition("\n")[0]})
            return 0
        middle = len(batch) // 2
        return _merge_batch(session, inbox, batch[:middle]) + _merge_batch(session, inbox, batch[middle:])
    return len(readable)


def _write(session: DuckDBPyConnection, inbox: Inbox, rows: Mapping[int, Sequence[tuple[str, Record]]]) -> None:
    tables = group_rows(chain.from_iterable(rows.values()))
    session.execute("BEGIN")
    for table in (*tables, *(name for name in SUMMARISED if name not in tables)):
        insert_absent(session, table, tables.get(table, ()))
    changes = count_fresh(session, tables)
    session.execute("COMMIT")
    settle(inbox, changes, rows)


@dataclass(frozen=True, slots=True)
class Changes:
    """Hold what a transaction on the history changed of the counts."""

    rows: Mapping[str, Rows]
    """By table of summaries."""
    successes: Rows
    """Operations with the time of their last success."""
    state: tuple[str, int]
    """The history's id, and how many transactions it has seen."""


def count_fresh(session: DuckDBPyConnection, present: Collection[str]) -> Changes:
    """Add the rows of the tables ``fresh_*``, of which ``present`` has any, to the counts, and drop these tables."""
    add_fresh(session.execute, present)
    rows: dict[str, Rows] = {}
    successes: Rows = ()
    if changes_groups(present):
        session.execute(load_sql("touched_groups"))
        for table in ("summaries", "recovery_summaries"):
            rows[table] = session.execute(f"SELECT * FROM {table} WHERE {_CHANGED[table]}").fetchall()
        successes = session.execute(_SUCCESSES).fetchall()
        session.execute("DROP TABLE touched_groups")
    if "test_results" in present:
        query = f"SELECT * FROM test_summaries WHERE {_CHANGED['test_summaries']}"
        rows["test_summaries"] = session.execute(query).fetchall()
    drop_stages(session.execute)
    for table in {*present, *SUMMARISED}:
        session.execute(f"DROP TABLE IF EXISTS fresh_{table}")
    session.execute("UPDATE store_state SET merges = merges + 1")
    (state,) = session.execute("SELECT store_id, merges FROM store_state").fetchall()
    return Changes(rows, successes, state)


def settle(inbox: Inbox, changes: Changes, numbers: Iterable[int]) -> None:
    """Take merged events out of the inbox and the changed counts into it, in one transaction."""
    with inbox.hold_alone() as connection:
        connection.executemany("DELETE FROM events WHERE seq = ?", [(number,) for number in numbers])
        copy_summaries(connection, changes.rows, whole=False)
        note_successes(connection, changes.successes)
        write_copy(connection, *changes.state)
