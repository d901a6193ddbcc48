"""Bulk insertion into one table of a history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .compact_json import to_json
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
    # One text per column: at every single value that is bound, DuckDB asks for pandas, often in vain.
    values = {name: _list_values(unique.values(), name, kind) for name, kind in columns.items()}
    filled = {
        name: to_json(found) for name, found in values.items() if name == "id" or any(v is not None for v in found)
    }
    sources = ", ".join(
        f"unnest(from_json_strict(?, '[\"{kind}\"]')) AS {name}"
        if name in filled
        else f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in columns.items()
    )
    session.execute(f"CREATE TEMPORARY TABLE fresh_{table} AS SELECT {sources}", list(filled.values()))
    if unique:
        inserted = session.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM fresh_{table} ON CONFLICT DO NOTHING RETURNING id"
        ).fetchall()
        if len(inserted) < len(unique):
            session.execute(f"DELETE FROM fresh_{table} WHERE NOT list_contains(?, id)", [[row[0] for row in inserted]])
    if not keep:
        session.execute(f"DROP TABLE fresh_{table}")


def _list_values(records: Iterable[Record], name: str, kind: str) -> list[Any]:
    if kind == "TIMESTAMP":
        return [time and time.isoformat() for time in (record.get(name) for record in records)]
    return [record.get(name) for record in records]


def refusals() -> tuple[type[Exception], ...]:
    """Return the errors that say a row is not what its table takes; any other is a fault of the file."""
    import duckdb

    return (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException)
