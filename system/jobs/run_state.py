"""Whether a success is news, to what runs share or to people.

It is asked after each call that succeeded, so nothing heavy is imported.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from .run_notes import find_home

_BUSY_SECONDS = 0.2
_FULL = 500
"""Tokens of a budget from which nothing was taken."""
_STATES = "SELECT kind, document FROM states WHERE name = ?"
_FAILING = """
    SELECT 1 FROM mail_entries AS entry
    JOIN mail_notes AS note ON note.kind = 'topic' AND note.channel = entry.channel AND note.name = entry.topic
    WHERE entry.topic LIKE 'failure:%' AND json_extract(note.document, '$.failing')
    AND json_extract(entry.document, '$.operation') = ? AND json_extract(entry.document, '$.branch') IS ?
    LIMIT 1
"""
_YES = frozenset({"1", "true", "t", "yes", "y", "on"})
"""What settings take for true."""


def is_news(operation: str, environ: Mapping[str, str]) -> bool:
    """Tell whether the operation's breaker is not closed, or its budget not full; no where that cannot be told.

    On a PostgreSQL server it cannot: a connection takes longer than many commands.
    """
    try:
        return any(_limits(kind, json.loads(text)) for kind, text in _ask(_STATES, _find_store(environ), operation))
    except (ValueError, KeyError, TypeError):
        return False


def is_known_to_fail(operation: str, branch: str | None, environ: Mapping[str, str]) -> bool:
    """Tell whether people may have been told that the operation fails, and not of its end.

    On a PostgreSQL server only the server knows.
    """
    store = _find_store(environ)
    return "://" in store or bool(_ask(_FAILING, store, operation, branch))


def is_telling(environ: Mapping[str, str]) -> bool:
    """Tell whether ``run.notify`` is set at the user's own level."""
    said = environ.get("ERRCLASS_RUN__NOTIFY")
    if said:
        return said.strip().lower() in _YES
    group = _read_file(os.path.join(find_home(environ), "config.toml")).get("run")
    return isinstance(group, Mapping) and group.get("notify") is True


def _ask(query: str, store: str, *values: str | None) -> list[tuple[Any, ...]]:
    """Return what a store's inbox says; nothing where it cannot be asked."""
    inbox = os.path.join(store, "inbox.sqlite")
    if not os.path.exists(inbox):
        return []
    import sqlite3
    from contextlib import closing

    address = "file:" + inbox.replace("%", "%25").replace("?", "%3f").replace("#", "%23") + "?mode=rw"
    try:
        with closing(sqlite3.connect(address, timeout=_BUSY_SECONDS, uri=True)) as connection:
            return connection.execute(query, values).fetchall()
    except sqlite3.Error:
        return []


def _limits(kind: str, state: Mapping[str, Any]) -> bool:
    if kind == "budget":
        return bool(state["tokens"] < _FULL)
    return kind == "breaker" and state["circuit"]["state"] != "closed"


def _find_store(environ: Mapping[str, str]) -> str:
    """Return the store's place as the settings do, from the user's own level, without loading what they need."""
    if place := environ.get("ERRCLASS_STORE"):
        return os.path.expanduser(place)
    home = find_home(environ)
    place = str(_read_file(os.path.join(home, "config.toml")).get("store", ""))
    return place if "://" in place else os.path.join(home, os.path.expanduser(place or "store"))


def _read_file(path: str) -> Mapping[str, Any]:
    """Return what the user's file says."""
    if not os.path.exists(path):
        return {}
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, ValueError):
        return {}
