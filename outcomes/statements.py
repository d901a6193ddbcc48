"""Statements that SQLite and PostgreSQL share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Run = Callable[[str, Sequence[Any]], Any]
"""Executes a statement with ``?`` for each value, and returns a cursor."""
