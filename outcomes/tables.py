"""The tables of the history that events fill, with their columns, read off the migrations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from .migrating import load_migrations

_CREATE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\)", re.DOTALL)
_ADD = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+) (\w+)")
_COLUMN = re.compile(r"^\s+([a-z_]+) (VARCHAR|BIGINT|DOUBLE|BOOLEAN|TIMESTAMP)\b(.*?),?$", re.MULTILINE)
_DERIVED = ("summaries", "recovery_summaries", "test_summaries", "store_state")

JSON_COLUMNS: Final = frozenset(
    {"details", "document", "facts", "failing_tests", "metadata", "rules_fired", "tags", "trace"}
)
"""Columns that hold JSON, of whichever table."""


@cache
def _read() -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, frozenset[str]]]:
    columns: dict[str, dict[str, str]] = {}
    required: defaultdict[str, set[str]] = defaultdict(set)
    for step in load_migrations("history"):
        for table, body in _CREATE.findall(step.sql):
            columns[table] = {}
            for name, kind, rest in _COLUMN.findall(body):
                columns[table][name] = kind
                if "NOT NULL" in rest or "PRIMARY KEY" in rest:
                    required[table].add(name)
        for table, name, kind in _ADD.findall(step.sql):
            columns[table][name] = kind
    kept = {table: found for table, found in columns.items() if table not in _DERIVED}
    return kept, {table: frozenset(required[table]) for table in kept}


TABLES: Final[Mapping[str, Mapping[str, str]]] = _read()[0]
"""Table -> column -> type: VARCHAR, BIGINT, DOUBLE, BOOLEAN or TIMESTAMP."""
REQUIRED: Final[Mapping[str, frozenset[str]]] = _read()[1]
"""Table -> columns that hold a value in every row."""
