"""One look at the whole store: history plus inbox, in a session that ends with the look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .archive import attach_empty, explain_duckdb, open_archive, open_session
from .inbox import Inbox
from .inserting import insert_absent
from .records import group_rows, read_event
from .weights import SOURCE_WEIGHTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 2000
_TABLES = ("failures", "decisions", "resolutions", "labels")
_VIEWS = ("effective_labels", "latest_resolutions")


@contextmanager
def open_reader(inbox: Inbox, path: Path, *, wait: float) -> Iterator[DuckDBPyConnection]:
    """Yield a session with the store's tables and derived views; raise ArchiveBusyError after ``wait`` seconds.

    The history is opened before the inbox is read, and no merge can pass while it is open, so no event is missed.
    """
    with ExitStack() as stack:
        session = _open_history(stack, inbox, path, wait)
        with explain_duckdb(path):
            _make_views(session)
            yield session


def ask(session: DuckDBPyConnection, name: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the rows of the query ``sql/<name>.sql`` by column name."""
    cursor = session.execute(load_sql(name), parameters or {})
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@cache
def load_sql(name: str) -> str:
    """Return the text of ``sql/<name>.sql``."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def _open_history(stack: ExitStack, inbox: Inbox, path: Path, wait: float) -> DuckDBPyConnection:
    if not path.exists():
        with ExitStack() as attempt:
            session = attempt.enter_context(open_session())
            attach_empty(session, "history")
            _load_pending(session, inbox)
            if not path.exists():
                stack.push(attempt.pop_all())
                return session
    # Also when the first merge created the file meanwhile and took the events out of the inbox.
    session = stack.enter_context(open_archive(path, wait=wait))
    _load_pending(session, inbox)
    return session


def _load_pending(session: DuckDBPyConnection, inbox: Inbox) -> None:
    attach_empty(session, "pending")
    if not inbox.exists():
        return
    after, upto = 0, inbox.last()
    while batch := inbox.read(after, upto, _BATCH):
        for table, records in group_rows(chain.from_iterable(read_event(event) or () for _, event in batch)).items():
            insert_absent(session, "pending", table, records)
        after = batch[-1][0]


def _make_views(session: DuckDBPyConnection) -> None:
    for table in _TABLES:
        session.execute(
            f"CREATE VIEW {table} AS SELECT * FROM history.{table} UNION ALL BY NAME SELECT * FROM pending.{table} "
            f"WHERE NOT EXISTS (SELECT 1 FROM history.{table} AS held WHERE held.id = pending.{table}.id)"
        )
    session.execute("CREATE TABLE label_sources (source VARCHAR, weight DOUBLE)")
    session.executemany("INSERT INTO label_sources VALUES (?, ?)", [list(pair) for pair in SOURCE_WEIGHTS.items()])
    for view in _VIEWS:
        session.execute(f"CREATE VIEW {view} AS {load_sql(view)}")
