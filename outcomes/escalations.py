"""Escalations that processes share: documents of which the open ones are changed in one transaction.

The statements are those that SQLite and PostgreSQL share.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ..core.errors import StoreError
from .statements import Run

T = TypeVar("T")

Document = Mapping[str, Any]
"""``id``, ``open`` and ``created`` (a time in ISO 8601) are looked at, the rest is only kept."""
EscalationChange = Callable[[list[Document]], tuple[Sequence[Document], T]]
"""Takes the open ones, or one, and returns those that shall be written, and a result."""

MOST_CLOSED = 1_000
"""Closed ones that are kept; the oldest make room."""
_ALL = 2**63 - 1
_OPEN = "SELECT document FROM escalations WHERE open ORDER BY created_at"
_NEWEST = "SELECT document FROM escalations WHERE open OR NOT ? ORDER BY created_at DESC, id DESC LIMIT ?"
_ONE = "SELECT document FROM escalations WHERE id = ?"
_WRITE = (
    "INSERT INTO escalations VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
    " SET open = excluded.open, document = excluded.document"
)
_MAKE_ROOM = (
    "DELETE FROM escalations WHERE NOT open AND id NOT IN"
    f" (SELECT id FROM escalations WHERE NOT open ORDER BY created_at DESC LIMIT {MOST_CLOSED})"
)
_FORGET = "DELETE FROM escalations WHERE NOT open"


def change_escalations(run: Run, change: EscalationChange[T], only: str | None) -> T:
    """Apply ``change`` within the transaction that the caller holds, and return its result."""
    rows = run(_ONE, (only,)) if only else run(_OPEN, ())
    documents, result = change(_parse(rows.fetchall()))
    for one in documents:
        run(_WRITE, (str(one["id"]), bool(one["open"]), str(one["created"]), json.dumps(one)))
    if documents:
        run(_MAKE_ROOM, ())
    return result


def read_escalations(run: Run, *, open_only: bool, limit: int | None) -> list[Document]:
    """Return escalations, newest first."""
    return _parse(run(_NEWEST, (open_only, _ALL if limit is None else limit)).fetchall())


def read_escalation(run: Run, escalation_id: str) -> Document | None:
    """Return an escalation; None where there is none."""
    return next(iter(_parse(run(_ONE, (escalation_id,)).fetchall())), None)


def forget_escalations(run: Run) -> int:
    """Drop the closed ones and return their number."""
    return int(run(_FORGET, ()).rowcount)


def _parse(rows: Iterable[tuple[Any, ...]]) -> list[Document]:
    """Return the documents of rows; raise StoreError for what is none."""
    try:
        return [dict(json.loads(text)) for (text,) in rows]
    except (TypeError, ValueError) as error:
        raise StoreError(f"a stored escalation is damaged ({error})") from error
