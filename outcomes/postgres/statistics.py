"""What the server, and DuckDB through it, know of the tables' sizes when they plan a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .driver import Connection

_OUTGROWN = """
SELECT relname
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = current_schema() AND relkind = 'r'
    AND pg_relation_size(pg_class.oid) > 2 * relpages * current_setting('block_size')::bigint
"""


def refresh_statistics(connection: Connection) -> None:
    """Measure tables that more than doubled, as the server itself does some minutes later.

    Without any measure DuckDB may join a large table with itself before it drops most of the rows. Where a table is
    locked, or the role does not own it, the server warns and goes on.
    """
    for (table,) in connection.execute(_OUTGROWN).fetchall():
        connection.execute(f"ANALYZE (SKIP_LOCKED) {table}".encode())
