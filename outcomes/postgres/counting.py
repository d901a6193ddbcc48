"""The counts that answers are read from: begun for a history that has none yet, and kept up by merges."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...core.ids import new_id
from ..summarising import Execute, add_fresh, changes_groups, drop_stages, rebuild_summaries
from ..tables import TABLES

if TYPE_CHECKING:
    from .driver import Connection

_NOTE_SUCCESSES = """
INSERT INTO operation_successes
SELECT coalesce(operation, ''), max(resolved_at)
FROM {source}
WHERE source IS DISTINCT FROM 'import'
GROUP BY 1
ORDER BY coalesce(operation, '') COLLATE "C"
ON CONFLICT (operation) DO UPDATE SET succeeded_at = greatest(operation_successes.succeeded_at, excluded.succeeded_at)
"""
_ALL_RECOVERIES = """
(
    SELECT failures.operation, failures.source, resolutions.resolved_at
    FROM resolutions JOIN failures ON failures.id = resolutions.failure_id
    WHERE resolutions.success
) AS recoveries
"""


def begin_counts(connection: Connection) -> None:
    """Count a history that was never counted, within the caller's transaction."""
    if connection.execute("SELECT 1 FROM store_state").fetchone() is None:
        rebuild_summaries(_executor(connection))
        _note_successes(connection, _ALL_RECOVERIES)
        connection.execute("INSERT INTO store_state VALUES (%s, 0)", (new_id(),))


def stage(connection: Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows, in the order of the table's columns, into ``fresh_<table>``, which ends with the transaction."""
    fresh, listed = f"fresh_{table}", ", ".join(TABLES[table])
    connection.execute(
        f"CREATE TEMPORARY TABLE {fresh} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA".encode()
    )
    with connection.cursor() as cursor, cursor.copy(f"COPY {fresh} ({listed}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def insert_staged(connection: Connection, present: Collection[str]) -> dict[str, int]:
    """Insert what is staged and absent, add it to the counts, and return the number of rows by table.

    ``present`` names the tables that have anything staged; all that are counted must be staged, if with nothing. The
    caller holds the merge lock: no other transaction inserts meanwhile.
    """
    inserted = {table: _insert_absent(connection, table) for table in present}
    execute = _executor(connection)
    add_fresh(execute, present)
    if changes_groups(present):
        _note_successes(connection, "fresh_recoveries")
    drop_stages(execute)
    connection.execute("UPDATE store_state SET merges = merges + 1")
    return inserted


def recount(connection: Connection) -> None:
    """Count everything anew, within the caller's transaction."""
    rebuild_summaries(_executor(connection))
    connection.execute("UPDATE store_state SET merges = merges + 1")


def _insert_absent(connection: Connection, table: str) -> int:
    fresh, listed = f"fresh_{table}", ", ".join(TABLES[table])
    connection.execute(f"DELETE FROM {fresh} USING {table} WHERE {table}.id = {fresh}.id".encode())
    return connection.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {fresh}".encode()).rowcount


def _note_successes(connection: Connection, source: str) -> None:
    connection.execute(_NOTE_SUCCESSES.format(source=source).encode())


def _executor(connection: Connection) -> Execute:
    return lambda sql: connection.execute(sql.encode())
