"""The bulk path: a whole table of failures into the history at once, past the events."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ..archive import attach_empty, open_session
from ..bulk import stage_frame
from ..summarising import SUMMARISED
from ..tables import TABLES
from ..times import to_naive_utc
from .connections import Connections
from .counting import insert_staged, stage
from .merge_lock import hold_merge_lock
from .statistics import refresh_statistics
from .writing import note_failures

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from .driver import Connection

_GROUP: Final = 10_000
# A failure that is there already stays as it is, and so does its end.
_DROP_KNOWN = "DELETE FROM fresh_resolutions USING failures WHERE failures.id = fresh_resolutions.failure_id"


def add_frame(connections: Connections, frame: Any, *, wait: float, now: Callable[[], datetime]) -> int:
    """Insert the rows of a frame and return how many were new; durable when this returns, all of it or nothing.

    DuckDB reads the frame and completes its rows, as for a folder. Raises UsageError for columns that failures do not
    have, and when ``text`` is missing.
    """
    with open_session() as session:
        attach_empty(session, "history")
        session.execute("USE history")
        session.register("incoming", frame)
        recent, present = stage_frame(session, to_naive_utc(now()))
        insert = partial(_insert, session=session, recent=recent, present=present, wait=wait)
        count = connections.write(insert)
    connections.write(refresh_statistics)
    return count


def _insert(
    connection: Connection,
    *,
    session: DuckDBPyConnection,
    recent: Sequence[tuple[Any, ...]],
    present: Collection[str],
    wait: float,
) -> int:
    with connection.transaction():
        hold_merge_lock(connection, wait)
        for table in SUMMARISED:
            stage(connection, table, _read_staged(session, table))
        connection.execute(_DROP_KNOWN)
        inserted = insert_staged(connection, present)
        note_failures(connection, recent)
    return inserted["failures"]


def _read_staged(session: DuckDBPyConnection, table: str) -> Iterator[tuple[Any, ...]]:
    cursor = session.execute(f"SELECT {', '.join(TABLES[table])} FROM fresh_{table}")
    while rows := cursor.fetchmany(_GROUP):
        yield from rows
