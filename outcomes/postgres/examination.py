"""Look at a store in a server without changing it: neither made, nor brought to a newer schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.frozen import FrozenDict
from ..condition import SchemaVersions, StoreCondition
from ..migrating import latest_version
from .address import Address
from .answers import measure_size
from .driver import connect
from .faults import explain_faults
from .schema import read_versions

if TYPE_CHECKING:
    from .driver import Connection


def examine_server(address: Address) -> StoreCondition:
    """Return how the store is, after the driver's time for a connection at the latest.

    Raises StoreError for a server that cannot be reached, and for tables that are foreign or of a newer version.
    """
    with explain_faults(address), connect(address) as connection:
        return _examine(connection, address)


def _examine(connection: Connection, address: Address) -> StoreCondition:
    versions = read_versions(connection, address)
    engine = f"PostgreSQL {connection.info.server_version // 10_000}"
    if not any(versions.values()):
        return StoreCondition(engine=engine)
    schemas = {
        "inbox": SchemaVersions(versions["postgres"], latest_version("postgres")),
        "history": SchemaVersions(versions["history"], latest_version("history")),
    }
    return StoreCondition(True, engine, FrozenDict(schemas), measure_size(connection))
