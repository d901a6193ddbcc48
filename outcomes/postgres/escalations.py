"""Escalations that machines share, in the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .. import escalations
from .statements import make_run

if TYPE_CHECKING:
    from .driver import Connection

T = TypeVar("T")

# Rows that are not there yet cannot be locked; readers of the table are not kept waiting.
_LOCK = "LOCK TABLE escalations IN SHARE ROW EXCLUSIVE MODE"


def change_escalations(connection: Connection, change: escalations.EscalationChange[T], only: str | None) -> T:
    """Apply ``change`` while nobody else can change any, and return its result."""
    with connection.transaction():
        connection.execute(_LOCK)
        return escalations.change_escalations(make_run(connection), change, only)
