"""Small state that processes share, such as a circuit breaker's: read, changed and written in one transaction."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..core.errors import StoreError
from .statements import Run

T = TypeVar("T")

Change = Callable[[Mapping[str, Any] | None], tuple[Mapping[str, Any] | None, T]]
"""Takes the state, None where there is none, and returns what it shall be (None: as it is) and a result.

A damaged state is none either, so that the next change makes it anew.
"""

_log = logging.getLogger("errclass")

READ = "SELECT document FROM states WHERE kind = ? AND name = ?"
_LIST = "SELECT name, document FROM states WHERE kind = ? AND document <> 'null' ORDER BY name"
_WRITE = "INSERT INTO states VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document"


def change_state(connection: sqlite3.Connection, kind: str, name: str, change: Change[T]) -> T:
    """Apply ``change`` within the transaction that the caller holds, and return its result."""
    row = connection.execute(READ, (kind, name)).fetchone()
    state, result = change(parse_state_if_whole(row[0]) if row else None)
    if state is not None:
        connection.execute(_WRITE, (kind, name, json.dumps(state)))
    return result


def list_states(run: Run, kind: str) -> dict[str, Mapping[str, Any] | None]:
    """Return all states of a kind by name, None for a damaged one; the statement is one that PostgreSQL has too."""
    return {name: parse_state_if_whole(text) for name, text in run(_LIST, (kind,)).fetchall()}


def parse_state(text: str) -> Mapping[str, Any]:
    """Return the state that ``text`` holds; raise StoreError for anything else."""
    try:
        state = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreError(f"a shared state is damaged ({error}); its next change or a reset makes it anew") from error
    if not isinstance(state, dict):
        raise StoreError("a shared state is damaged (it is no mapping); its next change or a reset makes it anew")
    return state


def parse_state_if_whole(text: str) -> Mapping[str, Any] | None:
    """Return the state that ``text`` holds; None for anything else, which is logged."""
    try:
        return parse_state(text)
    except StoreError as error:
        _log.warning("errclass.shared_state_damaged: %s", error)
        return None
