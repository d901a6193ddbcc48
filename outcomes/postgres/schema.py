"""The store's tables in a schema of their own, brought to this version by whichever process comes first."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from ...core.errors import StoreError
from ..migrating import Database, apply_migrations, check_schema, latest_version, name_ledger
from .address import Address
from .counting import begin_counts

if TYPE_CHECKING:
    from .driver import Connection

PARTS: Final[tuple[Database, ...]] = ("history", "postgres")
"""What is the same in every store, then what only this one has."""
_TABLES = (
    "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE nspname = %s AND relkind IN ('r', 'p', 'v', 'm', 'f')"
)
_MIGRATION_LIMITS = "SET LOCAL statement_timeout = '10min'; SET LOCAL lock_timeout = '30s'"


def bring_up(connection: Connection, address: Address, *, create: bool) -> bool:
    """Bring the tables to the newest schema and return True; False where there are none and none are to be made.

    Raises StoreError when they are newer than this version knows, or not ours.
    """
    versions = read_versions(connection, address)
    if not any(versions.values()) and not create:
        return False
    if any(versions[part] < latest_version(part) for part in PARTS):
        _migrate(connection, address)
    return True


def read_versions(connection: Connection, address: Address) -> dict[Database, int]:
    """Return the schema of each part, 0 where it has no tables; raises StoreError as ``bring_up`` does."""
    present = {name for (name,) in connection.execute(_TABLES, (address.schema,))}

    def execute(sql: str) -> Any:
        return connection.execute(sql.encode())

    # That there are other tables is no sign of a foreign schema to the second part: they are those of the first.
    own = present & {name_ledger("postgres")}
    return {
        "history": check_schema("history", address.place, present, execute),
        "postgres": check_schema("postgres", address.place, own, execute),
    }


def _migrate(connection: Connection, address: Address) -> None:
    def execute(sql: str, values: tuple[Any, ...] | None = None) -> Any:
        return connection.execute(sql.replace("?", "%s").encode() if values else sql.encode(), values)

    with connection.transaction():
        connection.execute(_MIGRATION_LIMITS)
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_number_lock(address),))
        _make_schema(connection, address)
        for part, version in read_versions(connection, address).items():
            apply_migrations(part, version, execute)
        begin_counts(connection)


def _make_schema(connection: Connection, address: Address) -> None:
    """Make the schema where it is absent; ``IF NOT EXISTS`` would need the right to make one in any case."""
    (encoding,) = connection.execute("SELECT current_setting('server_encoding')").fetchone() or ("",)
    if encoding != "UTF8":
        raise StoreError(
            f"cannot use the outcome store {address.place}: the database's encoding is {encoding}, which does not hold "
            "all text; create one with ENCODING 'UTF8'"
        )
    known = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (address.schema,)).fetchone()
    if known is None:
        connection.execute(f"CREATE SCHEMA {address.schema}".encode())


def _number_lock(address: Address) -> int:
    """Return the number of the lock under which one schema of a database is made and changed."""
    digest = hashlib.sha256(f"errclass schema {address.schema}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
