"""Drop what is older than anyone wants to keep, and give the space back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import StoreError
from .answers import forget_old
from .archive import explain_duckdb, open_archive, quote, write_empty
from .folders import sync_folder
from .inbox import Inbox
from .merge_lock import hold_merge_lock
from .merging import recounting, write_history
from .pruned import Pruned
from .summarising import SUMMARIES
from .tables import TABLES
from .tallies import ATTEMPT_WINDOW
from .times import to_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TIMES = {"actions": "ended_at", "attempts": "ended_at", "notifications": "created_at", "test_results": "occurred_at"}
"""Tables whose rows need not belong to a failure, and their times."""
CHILDREN = ("decisions", "resolutions", "labels", "attempts", "actions", "notifications", "test_results")
_OLD = """
CREATE TEMPORARY TABLE old AS
SELECT id FROM failures
WHERE occurred_at < ? AND (
    ? OR id NOT IN (
        SELECT failure_id FROM labels
        WHERE source = 'human' AND id NOT IN (SELECT label_id FROM label_undos)
    )
)
"""


def prune_history(
    inbox: Inbox, path: Path, before: datetime, *, wait: float, labelled: bool = False, dry_run: bool = False
) -> Pruned:
    """Drop failures before a moment with all that belongs to them, and calls, actions and results of that time.

    Failures that a person labelled stay unless ``labelled``: they are few, and they teach. The counts per cause are
    made anew from what is left. ``dry_run`` only counts.
    """
    moment = to_naive_utc(before)
    with _open(inbox, path, wait, dry_run) as session:
        session.execute(_OLD, [moment, labelled])
        found = {table: _count(session, table, moment) for table in TABLES}
        if not dry_run and any(found.values()):
            with recounting(session, inbox):
                _drop(session, moment)
    if not dry_run:
        with inbox.hold_alone() as connection:
            forget_old(connection, before + ATTEMPT_WINDOW)
    return Pruned({table: count for table, count in found.items() if count})


@contextmanager
def _open(inbox: Inbox, path: Path, wait: float, dry_run: bool) -> Iterator[DuckDBPyConnection]:
    if not dry_run:
        with write_history(inbox, path, wait=wait) as session:
            yield session
        return
    with open_archive(path, wait=wait) as session:
        session.execute("USE history")
        yield session
        session.execute("USE memory")


def vacuum_history(path: Path, *, wait: float) -> tuple[int, int]:
    """Write the history anew without the space of dropped rows, and return its size before and after in bytes.

    The old file is in its place until the new one is whole and takes its name.
    """
    draft = path.with_name(path.name + ".vacuum")
    before = path.stat().st_size
    with hold_merge_lock(path.parent, wait=wait):
        with open_archive(path, wait=wait, writable=True) as session:
            _copy(session, draft)
            # What a killed merge left in the log belongs to the old file; the new one would take it for its own.
            session.execute("CHECKPOINT history")
        if path.with_name(path.name + ".wal").exists():
            raise StoreError(f"{path} has a log that could not be carried over; nothing was changed, try again")
        draft.replace(path)
        sync_folder(path.parent)
    return before, path.stat().st_size


def _copy(session: DuckDBPyConnection, draft: Path) -> None:
    for leftover in (draft, draft.with_name(draft.name + ".wal")):
        leftover.unlink(missing_ok=True)
    write_empty(draft)
    with explain_duckdb(draft):
        session.execute(f"ATTACH {quote(draft)} AS fresh")
        for table in (*TABLES, *SUMMARIES, "store_state"):
            session.execute(f"INSERT INTO fresh.{table} BY NAME SELECT * FROM history.{table}")
        session.execute("DETACH fresh")


def recount_history(inbox: Inbox, path: Path, *, wait: float) -> None:
    """Make the counts per group anew from the tables."""
    with write_history(inbox, path, wait=wait) as session, recounting(session, inbox):
        pass


def tell_old(table: str) -> str:
    """Return the condition for rows to be dropped, where ``old`` has the failures' ids and ``$moment`` is bound."""
    if table == "failures":
        return "id IN (SELECT id FROM old)"
    if table == "label_undos":
        return "label_id IN (SELECT labels.id FROM labels JOIN old ON old.id = labels.failure_id)"
    if table not in CHILDREN:
        return "FALSE"
    mine = "failure_id IN (SELECT id FROM old)"
    return f"{mine} OR (failure_id IS NULL AND {_TIMES[table]} < $moment)" if table in _TIMES else mine


def _count(session: DuckDBPyConnection, table: str, moment: datetime) -> int:
    condition = tell_old(table)
    values = {"moment": moment} if "$moment" in condition else {}
    (count,) = session.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values).fetchall()[0]
    return int(count)


def _drop(session: DuckDBPyConnection, moment: datetime) -> None:
    for table in ("label_undos", *CHILDREN, "failures"):  # undone labels are found by their labels
        condition = tell_old(table)
        values = {"moment": moment} if "$moment" in condition else {}
        session.execute(f"DELETE FROM {table} WHERE {condition}", values)
