"""One look at the whole store: history plus inbox, in a session that ends with the look."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .archive import attach_empty, explain_duckdb, open_archive, open_session
from .inbox import Inbox
from .inserting import insert_absent, refusals
from .records import Record, group_rows, read_event
from .sql_files import load_sql
from .tables import TABLES
from .weights import SOURCE_WEIGHTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 8000
_VIEWS = (
    "spoken_causes",
    "all_labels",
    "standing_labels",
    "effective_labels",
    "latest_resolutions",
    "latest_decisions",
    "unchanged_reruns",
)
"""In an order in which each needs only those before it."""


@contextmanager
def open_reader(inbox: Inbox, path: Path, *, wait: float) -> Iterator[DuckDBPyConnection]:
    """Yield a session with the store's tables and derived views; raise ArchiveBusyError after ``wait`` seconds.

    The history is opened before the inbox is read, and no merge can pass while it is open, so no event is missed.
    """
    with ExitStack() as stack:
        session, waiting = _open_history(stack, inbox, path, wait)
        with explain_duckdb(path):
            _drop_merged(session, waiting)
            show_tables(session, waiting)
            make_views(session)
            yield session


def show_tables(session: DuckDBPyConnection, waiting: Collection[str]) -> None:
    """Add each table of ``history`` under its own name, with the rows of ``pending`` where any are ``waiting``."""
    for table in TABLES:
        query = f"SELECT * FROM history.{table}"
        if table in waiting:
            query += f" UNION ALL BY NAME SELECT * FROM pending.{table}"
        session.execute(f"CREATE VIEW {table} AS {query}")


def make_views(session: DuckDBPyConnection) -> None:
    """Add the derived views to a session that has the tables under their own names."""
    session.execute("CREATE TABLE label_sources (source VARCHAR, weight DOUBLE)")
    session.executemany("INSERT INTO label_sources VALUES (?, ?)", [list(pair) for pair in SOURCE_WEIGHTS.items()])
    for view in _VIEWS:
        session.execute(f"CREATE VIEW {view} AS {load_sql(view)}")


def ask(session: DuckDBPyConnection, name: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the rows of the query ``sql/<name>.sql`` by column name."""
    cursor = session.execute(load_sql(name), parameters or {})
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _open_history(stack: ExitStack, inbox: Inbox, path: Path, wait: float) -> tuple[DuckDBPyConnection, set[str]]:
    if not path.exists():
        with ExitStack() as attempt:
            session = attempt.enter_context(open_session())
            attach_empty(session, "history")
            waiting = _load_waiting(session, inbox)
            if not path.exists():
                stack.push(attempt.pop_all())
                return session, waiting
    # Also when the first merge created the file meanwhile and took the events out of the inbox.
    session = stack.enter_context(open_archive(path, wait=wait))
    return session, _load_waiting(session, inbox)


def _load_waiting(session: DuckDBPyConnection, inbox: Inbox) -> set[str]:
    """Copy what waits into the catalogue ``pending``, and return the tables that have any rows there."""
    attach_empty(session, "pending")
    filled: set[str] = set()
    if not inbox.exists():
        return filled
    session.execute("USE pending")
    after, upto = 0, inbox.last()
    while batch := inbox.read(after, upto, _BATCH):
        for table, records in group_rows(chain.from_iterable(read_event(event) or () for _, event in batch)).items():
            _insert_what_fits(session, table, records)
            filled.add(table)
        after = batch[-1][0]
    session.execute("USE memory")
    return filled


def _insert_what_fits(session: DuckDBPyConnection, table: str, records: Sequence[Record]) -> None:
    """Insert records; one that the table refuses, and a merge will park, is not shown and hides no other."""
    try:
        insert_absent(session, table, records, keep=False)
    except refusals():
        session.execute(f"DROP TABLE IF EXISTS fresh_{table}")
        if len(records) > 1:
            middle = len(records) // 2
            _insert_what_fits(session, table, records[:middle])
            _insert_what_fits(session, table, records[middle:])


def _drop_merged(session: DuckDBPyConnection, waiting: set[str]) -> None:
    for table in waiting:
        session.execute(f"DELETE FROM pending.{table} WHERE id IN (SELECT id FROM history.{table})")
