"""Bulk insertion into one table of a history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .records import Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMN_TYPES = "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND table_name = ?"


def insert_absent(session: DuckDBPyConnection, catalogue: str, table: str, records: Sequence[Record]) -> None:
    """Insert the records whose id the table does not hold; of records with the same id, the first."""
    unique = {record["id"]: record for record in reversed(records)}
    columns = list(records[0])
    types = dict(session.execute(_COLUMN_TYPES, [catalogue, table]).fetchall())
    sources = ", ".join(f"unnest(?::{types[column]}[]) AS {column}" for column in columns)
    session.execute(
        f"INSERT INTO {catalogue}.{table} BY NAME "
        f"SELECT * FROM (SELECT {sources}) AS fresh "
        f"WHERE NOT EXISTS (SELECT 1 FROM {catalogue}.{table} AS held WHERE held.id = fresh.id)",
        [[record[column] for record in unique.values()] for column in columns],
    )
