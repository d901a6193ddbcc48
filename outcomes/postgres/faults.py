"""Faults of PostgreSQL in words that say what to do, without the password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ...core.errors import StoreError
from .address import Address
from .driver import require_psycopg

_ANOTHER = "or name another server in ERRCLASS_STORE"
_BY_CODE: Final = {
    "08": f"check the network and the server, {_ANOTHER}",
    "22": "nothing was written; this value cannot be stored",
    "25006": "it only reads: name the primary server, or a role that may write",
    "28": f"check user and password in ERRCLASS_STORE (PGPASSWORD and ~/.pgpass count too), {_ANOTHER}",
    "3F000": "its tables were removed or changed while it was in use; run the command again",
    "42501": "the role may not do this; docs/postgres.md lists what to grant",
    "42P01": "its tables were removed or changed while it was in use; run the command again",
    "53100": "the server's disk is full: free some space; nothing was written",
    "53300": "the server has no connection left: raise max_connections or put PgBouncer (session pooling) before it",
    "54": "nothing was written; a name or an id is too long for an index",
    "55P03": "others held it too long; try again",
    "57014": "the server took too long; try again when it is less busy",
    "57": "the server is stopping or starting; try again when it is up",
}
"""By SQLSTATE or the beginning of one."""
# A refused connection has no SQLSTATE, only words.
_BY_WORDS: Final = (
    (r"password|authentication|pg_hba|role .* does not exist", _BY_CODE["28"]),
    (r"database .* does not exist", f"create it (createdb NAME), {_ANOTHER}"),
    (r"invalid (URI|connection option|integer|sslmode|port)|extra key", "correct the address in ERRCLASS_STORE"),
    (r"too many (clients|connections)|remaining connection slots", _BY_CODE["53300"]),
    (r"shutting down|starting up|recovery mode", _BY_CODE["57"]),
    (r"permission denied for database", _BY_CODE["42501"]),
    (r"read-only|session is not", _BY_CODE["25006"]),
    (r"SSL|certificate", f"check sslmode and the certificates, {_ANOTHER}"),
    (r"(Binder|Catalog|Conversion|Invalid Input|Out of Range|Parser) Error", "check the query"),
    (r"statement timeout", _BY_CODE["57014"]),
)
_UNREACHABLE: Final = f"start the server or correct host and port, {_ANOTHER}; nothing was written"
_UNKNOWN: Final = "the server's log may tell more; nothing was written"


@contextmanager
def explain_faults(address: Address) -> Iterator[None]:
    """Turn faults of the driver and the server into StoreErrors."""
    require_psycopg()
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise fault(address, str(error), error.sqlstate) from error


def fault(address: Address, message: str, code: str | None = None) -> StoreError:
    """Return the StoreError for a message of the server or of a driver, without the address's password."""
    first = message.strip().partition("\n")[0]
    for secret in address.secrets:
        first = first.replace(secret, "***")
    return StoreError(f"cannot use the outcome store {address.place}: {first}; {_advise(first, code)}")


def _advise(message: str, code: str | None) -> str:
    if code is not None:
        return next((advice for start, advice in _BY_CODE.items() if code.startswith(start)), _UNKNOWN)
    return next((advice for words, advice in _BY_WORDS if re.search(words, message)), _UNREACHABLE)
