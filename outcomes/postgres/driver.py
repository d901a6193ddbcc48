"""psycopg, which comes with the extra ``postgres``: whether it is there, and a connection as the store needs it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ...core.errors import MissingExtraError, StoreError
from .address import Address

if TYPE_CHECKING:
    import psycopg

    Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
    Cursor: TypeAlias = psycopg.Cursor[tuple[Any, ...]]

CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 30
"""Longest that one statement of a record or a decision may take; merges and reports have longer."""
_DEFAULTS: Final = {
    "application_name": "errclass",
    "connect_timeout": CONNECT_SECONDS,
    # A server whose machine or network is gone is noticed, also while its answer is waited for.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# A client that was stopped in the middle of a transaction must not hold its locks for ever. Of ``synchronous_commit``
# only the one value that is not durable is changed: what a server or role is set to otherwise may be safer still.
_SET_UP = """
SELECT
    set_config('search_path', %s, false),
    set_config('statement_timeout', %s, false),
    set_config('idle_in_transaction_session_timeout', '60s', false),
    set_config(
        'synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END,
        false
    )
"""


class MissingDriverError(MissingExtraError, StoreError):
    """psycopg is not installed: also a fault of the store, for those who go on without one."""


def require_psycopg() -> None:
    """Raise MissingDriverError where psycopg is not installed."""
    if find_spec("psycopg") is None:
        raise MissingDriverError("psycopg", "postgres")


def connect(address: Address) -> Connection:
    """Open a connection in autocommit mode whose commits are durable; time limits that the address sets itself stay."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    options: dict[str, Any] = {**_DEFAULTS, **conninfo_to_dict(address.uri), "client_encoding": "utf8"}
    # Prepared statements would outlive a change of the tables by a newer version in another process.
    connection = psycopg.connect(make_conninfo("", **options), autocommit=True, prepare_threshold=None)
    try:
        connection.execute(_SET_UP, (address.schema, f"{STATEMENT_SECONDS}s"))
    except BaseException:
        connection.close()
        raise
    return connection
