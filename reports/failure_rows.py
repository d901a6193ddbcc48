"""Failures as reports show them, one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..core.markup import clean_line
from .sections import Column, Table

MOST_ROWS: Final = 5000
_MESSAGE_CHARS = 200
_SAME = (
    "type",
    "severity",
    "environment",
    "component",
    "repository",
    "operation",
    "resolved",
    "escalated",
    "attempts",
    "fingerprint",
)


def describe_failure(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a report shows of a row of ``newest_failures``."""
    return {
        "id": row["failure_id"],
        "time": row["occurred_at"],
        "message": choose_message(row),
        "pending": not row["settled"],
        "resolution_seconds": row["seconds_to_resolution"],
        **{name: row[name] for name in _SAME},
    }


def list_failures(failures: Sequence[Mapping[str, Any]]) -> Table:
    """Return failures, as ``describe_failure`` makes them, as a table."""
    names = tuple(failures[0]) if failures else ()
    rows = tuple(tuple(failure[name] for name in names) for failure in failures)
    return Table("Failures", tuple(Column(name) for name in names), rows)


def choose_message(row: Mapping[str, Any]) -> str:
    """Return the line that tells most of a failure: the first that the decision rests on, else the last of its text."""
    evidence = json.loads(row["document"] or "{}").get("evidence") or ()
    lines = [line for line in row["text"].splitlines() if line.strip()]
    return clean_line(evidence[0] if evidence else (lines or [""])[-1], _MESSAGE_CHARS)
