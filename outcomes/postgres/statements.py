"""Statements that SQLite and PostgreSQL share, in the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..statements import Run
    from .driver import Connection


def make_run(connection: Connection) -> Run:
    """Return what executes them on a connection."""

    def run(statement: str, values: Sequence[Any]) -> Any:
        return connection.execute(statement.replace("?", "%s").encode(), values)

    return run
