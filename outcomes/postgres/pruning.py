"""Drop what is older than anyone wants to keep, and give the space back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from ..pruned import Pruned
from ..pruning import CHILDREN, tell_old
from ..summarising import SUMMARIES
from ..tables import TABLES
from .answers import measure_size
from .counting import recount
from .driver import STATEMENT_SECONDS
from .merge_lock import hold_merge_lock

if TYPE_CHECKING:
    from .driver import Connection, Cursor

_MAKE_OLD = "CREATE TEMPORARY TABLE old ON COMMIT DROP AS SELECT id FROM failures WITH NO DATA"
_FILL_OLD = """
INSERT INTO old
SELECT id FROM failures
WHERE occurred_at < %s AND (
    %s OR NOT EXISTS (
        SELECT 1 FROM labels
        WHERE labels.failure_id = failures.id AND labels.source = 'human'
            AND NOT EXISTS (SELECT 1 FROM label_undos WHERE label_undos.label_id = labels.id)
    )
)
"""
_IN_USE: Final = ("events", "recent_failures", "operation_successes", *SUMMARIES)
"""Tables that records and decisions need, and that are not locked to be written anew; their space is used again."""


def prune_tables(connection: Connection, *, moment: datetime, wait: float, labelled: bool, dry_run: bool) -> Pruned:
    """Drop what ``prune_history`` would drop of a folder's history, by the same conditions; ``dry_run`` only counts."""
    with connection.transaction():
        if not dry_run:
            hold_merge_lock(connection, wait)
        connection.execute(_MAKE_OLD)
        connection.execute(_FILL_OLD, (moment, labelled))
        connection.execute("ANALYZE old")
        found = {table: _count(connection, table, moment) for table in TABLES}
        if not dry_run and any(found.values()):
            for table in ("label_undos", *CHILDREN, "failures"):  # undone labels are found by their labels
                _do(connection, f"DELETE FROM {table}", table, moment)
            connection.execute("DELETE FROM recent_failures WHERE occurred_at < %s", (moment,))
            recount(connection)
    return Pruned({table: count for table, count in found.items() if count})


def recount_tables(connection: Connection, *, wait: float) -> None:
    """Make the counts per group anew from the tables."""
    with connection.transaction():
        hold_merge_lock(connection, wait)
        recount(connection)


def vacuum_tables(connection: Connection, *, wait: float) -> tuple[int, int]:
    """Write the tables of the history anew without the space of dropped rows; return the size before and after.

    Meanwhile reports, labels and merges wait; records and decisions do not. A role that does not own the tables is
    warned by the server, and nothing else happens. Raises the driver's LockNotAvailable for a table in use for ``wait``
    seconds.
    """
    before = measure_size(connection)
    connection.execute(f"SET lock_timeout = {max(int(wait * 1000), 1)}; SET statement_timeout = '1h'".encode())
    try:
        for table in TABLES:
            connection.execute(f"VACUUM (FULL, ANALYZE) {table}".encode())
        for table in _IN_USE:
            connection.execute(f"VACUUM (ANALYZE) {table}".encode())
    finally:
        if not connection.closed:
            connection.execute(f"SET lock_timeout = 0; SET statement_timeout = '{STATEMENT_SECONDS}s'".encode())
    return before, measure_size(connection)


def _count(connection: Connection, table: str, moment: datetime) -> int:
    row = _do(connection, f"SELECT count(*) FROM {table}", table, moment).fetchone()
    return int(row[0]) if row else 0


def _do(connection: Connection, what: str, table: str, moment: datetime) -> Cursor:
    condition = tell_old(table).replace("$moment", "%(moment)s")
    return connection.execute(f"{what} WHERE {condition}".encode(), {"moment": moment})
