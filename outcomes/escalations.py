"""Escalations that processes share: documents of which the open ones are changed in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ..core.errors import StoreError

T = TypeVar("T")

Document = Mapping[str, Any]
"""``id``, ``open`` and ``created`` (a time in ISO 8601) are looked at, the rest is only kept."""
EscalationChange = Callable[[list[Document]], tuple[Sequence[Document], T]]
"""Takes the open ones, or one, and returns those that shall be written, and a result."""

MOST_CLOSED = 1_000
"""Closed ones that are kept; the oldest make room."""
OPEN = "SELECT document FROM escalations WHERE open ORDER BY created_at"
NEWEST = "SELECT document FROM escalations WHERE open OR NOT {} ORDER BY created_at DESC, id DESC LIMIT {}"
ONE = "SELECT document FROM escalations WHERE id = {}"
WRITE = (
    "INSERT INTO escalations VALUES ({0}, {0}, {0}, {0}) ON CONFLICT (id) DO UPDATE"
    " SET open = excluded.open, document = excluded.document"
)
MAKE_ROOM = (
    "DELETE FROM escalations WHERE NOT open AND id NOT IN"
    f" (SELECT id FROM escalations WHERE NOT open ORDER BY created_at DESC LIMIT {MOST_CLOSED})"
)
FORGET = "DELETE FROM escalations WHERE NOT open"


def change_escalations(connection: sqlite3.Connection, change: EscalationChange[T], only: str | None) -> T:
    """Apply ``change`` within the transaction that the caller holds, and return its result."""
    rows = connection.execute(ONE.format("?"), (only,)) if only else connection.execute(OPEN)
    documents, result = change(parse_documents(rows.fetchall()))
    for row in list_rows(documents):
        connection.execute(WRITE.format("?"), row)
    if documents:
        connection.execute(MAKE_ROOM)
    return result


def list_rows(documents: Iterable[Document]) -> list[tuple[str, bool, str, str]]:
    """Return the rows that hold these documents."""
    return [(str(one["id"]), bool(one["open"]), str(one["created"]), json.dumps(one)) for one in documents]


def parse_documents(rows: Iterable[tuple[Any, ...]]) -> list[Document]:
    """Return the documents of rows; raise StoreError for what is none."""
    try:
        return [dict(json.loads(text)) for (text,) in rows]
    except (TypeError, ValueError) as error:
        raise StoreError(f"a stored escalation is damaged ({error})") from error
