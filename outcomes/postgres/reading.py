"""One look at the whole store: a DuckDB session over the server's tables and the waiting events."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, Final

from ..archive import attach_empty, open_session, quote
from ..event import Event
from ..inserting import insert_absent
from ..migrating import apply_migrations
from ..reader import make_views, show_tables
from ..records import group_rows, read_event
from .address import Address
from .connections import Connections
from .driver import CONNECT_SECONDS
from .extension import load_extension
from .faults import fault

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from .driver import Connection

_COPY_WAITING: Final = """
CREATE TEMPORARY TABLE waiting AS SELECT seq, kind, id, payload FROM history.events WHERE parked IS NULL
"""
_BATCH: Final = 4000
_STATEMENT_LIMIT: Final = "1h"
"""Longest that one query of a report may keep the server busy."""
# What every version of the driver understands; DuckDB brings one of its own.
_PASSED_ON: Final = (
    "dbname", "gssencmode", "host", "hostaddr", "krbsrvname", "options", "port", "sslcert", "sslcrl", "sslkey",
    "sslmode", "sslrootcert", "target_session_attrs", "user",
)  # fmt: skip

Way = tuple[str, str]
"""How DuckDB connects: all but the password, and the password."""


@contextmanager
def open_reader(address: Address, connections: Connections) -> Iterator[DuckDBPyConnection]:
    """Yield a session with the store's tables and derived views, all as of one moment.

    The session is one transaction over one snapshot of the server's: an event is seen either waiting or merged.
    """
    way = connections.read(_find_way, absent=None)
    with open_session() as session, _explain_duckdb(address):
        if way is None:
            attach_empty(session, "history")
        else:
            load_extension(session)
            _attach(session, address, way)
        _make_pending(session)
        with _hold_moment(session):
            show_tables(session, set() if way is None else _load_waiting(session, address.schema))
            make_views(session)
            yield session


def _find_way(connection: Connection) -> Way | None:
    """Return the way that a connection found: environment, service and password files were read for it."""
    from psycopg.conninfo import make_conninfo

    given = connection.info.get_parameters()
    options = f"{given.get('options', '')} -c statement_timeout={_STATEMENT_LIMIT}".strip()
    kept = {name: value for name, value in {**given, "options": options}.items() if name in _PASSED_ON}
    way = make_conninfo(**kept, application_name="errclass", connect_timeout=CONNECT_SECONDS)
    return way, connection.info.password


def _attach(session: DuckDBPyConnection, address: Address, way: Way) -> None:
    conninfo, password = way
    # Not in the connection string, which error messages and duckdb_databases() show.
    session.execute(f"CREATE TEMPORARY SECRET errclass (TYPE postgres, PASSWORD {quote(password)})")
    session.execute(
        f"ATTACH {quote(conninfo)} AS history "
        f"(TYPE postgres, READ_ONLY, SECRET errclass, SCHEMA {quote(address.schema)})"
    )


def _make_pending(session: DuckDBPyConnection) -> None:
    """Make empty tables for what waits, in the session's own catalogue: one transaction may write to one only."""
    session.execute("CREATE SCHEMA pending")
    session.execute("USE memory.pending")
    apply_migrations("history", 0, session.execute)
    session.execute("USE memory")


def _load_waiting(session: DuckDBPyConnection, schema: str) -> Collection[str]:
    """Copy what waits into ``pending``, but for what is merged already, and return the tables that it fills."""
    session.execute(_COPY_WAITING)
    session.execute("USE memory.pending")
    filled: set[str] = set()
    for batch in _read_batches(session):
        for table, records in group_rows(chain.from_iterable(read_event(event) or () for event in batch)).items():
            insert_absent(session, table, records, keep=False)
            filled.add(table)
    session.execute("USE memory")
    session.execute("DROP TABLE waiting")
    for table in filled:
        _drop_merged(session, schema, table)
    return filled


def _read_batches(session: DuckDBPyConnection) -> Iterator[list[Event]]:
    after = 0
    query = "SELECT seq, kind, id, payload FROM temp.waiting WHERE seq > ? ORDER BY seq LIMIT ?"
    while rows := session.execute(query, [after, _BATCH]).fetchall():
        yield [Event(kind, name, payload) for _, kind, name, payload in rows]
        after = rows[-1][0]


def _drop_merged(session: DuckDBPyConnection, schema: str, table: str) -> None:
    """Take out of ``pending`` what the history holds, which the server tells by its index."""
    names = [name for (name,) in session.execute(f"SELECT id FROM pending.{table}").fetchall()]
    asked = (
        f"SELECT id FROM {schema}.{table} WHERE id IN (SELECT jsonb_array_elements_text({quote(json.dumps(names))}))"
    )
    session.execute(
        f"DELETE FROM pending.{table} WHERE id IN (SELECT id FROM postgres_query('history', {quote(asked)}))"
    )


@contextmanager
def _hold_moment(session: DuckDBPyConnection) -> Iterator[None]:
    """Hold one transaction, and end it by hand: left to the session, a lost connection would abort the process."""
    import duckdb

    session.execute("BEGIN")
    try:
        yield
    finally:
        with suppress(duckdb.Error):
            session.execute("ROLLBACK")


@contextmanager
def _explain_duckdb(address: Address) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise fault(address, str(error)) from error
