"""How much of the past a query rests on, read from its text."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from .mart_sessions import find_marts, find_tables

_INCIDENTS, _WATCHING = "incidents", "observed_operations"
_COURSES: Final = frozenset({"actions", "attempts", "latest_resolutions", "resolutions"})
_ANSWERS: Final = frozenset(
    {
        "all_labels",
        "answered_failures",
        "decided_categories",
        "decisions",
        "effective_labels",
        "failures",
        "labels",
        "spoken_causes",
        "standing_labels",
    }
)


class Depth(IntEnum):
    """What a slice of the store holds of a time; each holds what those before it hold."""

    NOTHING = 0
    """The query asks neither marts nor tables that are sliced."""
    ANSWERS = 1
    """What failed, and what it is called."""
    COURSES = 2
    """What came before and after a failure, too: calls, reports, actions."""
    INCIDENTS = 3
    """What tells whether operations worked when the time began, too."""
    WATCHES = 4
    """Whatever an operation counts as watched for, too, even where nothing is known of it in the time."""


def find_depth(query: str) -> Depth:
    """Return the depth that a query needs, with the marts that it reads directly or through others."""
    needed = frozenset(find_marts(query))
    tables = find_tables(query, *needed)
    if _WATCHING in find_tables(query, *(needed - {_INCIDENTS})):
        return Depth.WATCHES
    if _INCIDENTS in needed:
        return Depth.INCIDENTS
    if tables & _COURSES:
        return Depth.COURSES
    return Depth.ANSWERS if needed or tables & _ANSWERS else Depth.NOTHING
