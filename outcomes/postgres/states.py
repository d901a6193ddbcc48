"""Small state that machines share, in the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from ..states import Change, parse_state_if_whole

if TYPE_CHECKING:
    from .driver import Connection

T = TypeVar("T")

_MAKE = "INSERT INTO states VALUES (%s, %s, 'null') ON CONFLICT DO NOTHING"
_LOCK = "SELECT document FROM states WHERE kind = %s AND name = %s FOR UPDATE"
_READ = "SELECT document FROM states WHERE kind = %s AND name = %s"
_WRITE = "UPDATE states SET document = %s WHERE kind = %s AND name = %s"
_NOTHING = "null"


def change_state(connection: Connection, kind: str, name: str, change: Change[T]) -> T:
    """Apply ``change`` while nobody else can change this state, and return its result."""
    with connection.transaction():
        connection.execute(_MAKE, (kind, name))  # so that there is a row to lock
        row = connection.execute(_LOCK, (kind, name)).fetchone()
        state, result = change(parse_state_if_whole(row[0]) if row and row[0] != _NOTHING else None)
        if state is not None:
            connection.execute(_WRITE, (json.dumps(state), kind, name))
        return result


def read_state(connection: Connection, kind: str, name: str) -> str | None:
    """Return the state as text, None where there is none."""
    row = connection.execute(_READ, (kind, name)).fetchone()
    return row[0] if row and row[0] != _NOTHING else None
