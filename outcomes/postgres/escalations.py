"""Escalations that machines share, in the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ..escalations import FORGET, MAKE_ROOM, NEWEST, ONE, OPEN, WRITE, EscalationChange, list_rows, parse_documents

if TYPE_CHECKING:
    from .driver import Connection

T = TypeVar("T")

# Rows that are not there yet cannot be locked; readers of the table are not kept waiting.
_LOCK = "LOCK TABLE escalations IN SHARE ROW EXCLUSIVE MODE"


def change_escalations(connection: Connection, change: EscalationChange[T], only: str | None) -> T:
    """Apply ``change`` while nobody else can change any, and return its result."""
    with connection.transaction():
        connection.execute(_LOCK)
        rows = connection.execute(ONE.format("%s"), (only,)) if only else connection.execute(OPEN)
        documents, result = change(parse_documents(rows.fetchall()))
        for row in list_rows(documents):
            connection.execute(WRITE.format("%s"), row)
        if documents:
            connection.execute(MAKE_ROOM)
        return result


def read_escalations(connection: Connection, open_only: bool, limit: int | None) -> list[tuple[Any, ...]]:
    """Return the rows of documents, newest first."""
    return connection.execute(NEWEST.format("%s", "%s"), (open_only, limit)).fetchall()


def read_escalation(connection: Connection, escalation_id: str) -> list[tuple[Any, ...]]:
    """Return the row of a document, if there is one."""
    return connection.execute(ONE.format("%s"), (escalation_id,)).fetchall()


def forget_escalations(connection: Connection) -> int:
    """Drop the closed ones and return their number."""
    return connection.execute(FORGET).rowcount
