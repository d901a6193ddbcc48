"""Whether a success is news to what runs share; asked after each call that succeeded, so nothing heavy is imported."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from .run_notes import find_home

_BUSY_SECONDS = 0.2
_FULL = 500
"""Tokens of a budget from which nothing was taken."""
_QUERY = "SELECT kind, document FROM states WHERE name = ?"


def is_news(operation: str, environ: Mapping[str, str]) -> bool:
    """Tell whether the operation's breaker is not closed, or its budget not full; no where that cannot be told.

    On a PostgreSQL server it cannot: a connection takes longer than many commands.
    """
    inbox = os.path.join(_find_store(environ), "inbox.sqlite")
    if not os.path.exists(inbox):
        return False
    import sqlite3
    from contextlib import closing

    address = "file:" + inbox.replace("%", "%25").replace("?", "%3f").replace("#", "%23") + "?mode=rw"
    try:
        with closing(sqlite3.connect(address, timeout=_BUSY_SECONDS, uri=True)) as connection:
            return any(_limits(kind, json.loads(text)) for kind, text in connection.execute(_QUERY, (operation,)))
    except (sqlite3.Error, ValueError, KeyError, TypeError):
        return False


def _limits(kind: str, state: Mapping[str, Any]) -> bool:
    if kind == "budget":
        return bool(state["tokens"] < _FULL)
    return kind == "breaker" and state["circuit"]["state"] != "closed"


def _find_store(environ: Mapping[str, str]) -> str:
    """Return the store's place as the settings do, from the user's own level, without loading what they need."""
    if place := environ.get("ERRCLASS_STORE"):
        return os.path.expanduser(place)
    home = find_home(environ)
    return os.path.join(home, os.path.expanduser(_read_place(os.path.join(home, "config.toml")) or "store"))


def _read_place(path: str) -> str:
    """Return what the user's file says of the store."""
    if not os.path.exists(path):
        return ""
    import tomllib

    try:
        with open(path, "rb") as file:
            return str(tomllib.load(file).get("store", ""))
    except (OSError, ValueError):
        return ""
