"""Bulk insertion into one table of a history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .records import Record
from .tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def insert_absent(session: DuckDBPyConnection, table: str, records: Sequence[Record], *, keep: bool = True) -> None:
    """Insert the records whose id the table does not hold; of records with the same id, the first.

    The table is that of the catalogue in use. With ``keep`` those inserted are left in the temporary ``fresh_<table>``.
    """
    columns = TABLES[table]
    unique = {record["id"]: record for record in reversed(records)}
    listed = ", ".join(columns)
    sources = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, kind in columns.items())
    values = [[record.get(name) for record in unique.values()] for name in columns]
    session.execute(f"CREATE TEMPORARY TABLE fresh_{table} AS SELECT {sources}", values)
    if unique:
        inserted = session.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM fresh_{table} ON CONFLICT DO NOTHING RETURNING id"
        ).fetchall()
        if len(inserted) < len(unique):
            session.execute(f"DELETE FROM fresh_{table} WHERE NOT list_contains(?, id)", [[row[0] for row in inserted]])
    if not keep:
        session.execute(f"DROP TABLE fresh_{table}")
