"""Filters: which failures, calls and incidents count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from ..core.suggesting import join_names, suggest_name
from .clean_text import clean_text

FILTERS: Final = ("environment", "operation", "repository", "component", "type", "severity")
"""What can be filtered by; ``type`` and ``severity`` are those of failures, calls have none."""
SEVERITIES: Final = ("critical", "high", "medium", "low")

Filters = Mapping[str, tuple[str, ...]]


def check_filters(filters: Mapping[str, str | Sequence[str]]) -> Filters:
    """Return filters in one form: name -> values, of which any will do; all names have to fit.

    Raises UsageError for a name that is none of ``FILTERS``, for an empty value and for an unknown severity.
    """
    return FrozenDict({name: _check_values(name, values) for name, values in sorted(filters.items())})


def _check_values(name: str, values: str | Sequence[str]) -> tuple[str, ...]:
    if name not in FILTERS:
        raise UsageError(f"no filter is called {name!r}{suggest_name(name, FILTERS)}; there are {join_names(FILTERS)}")
    given = {values} if isinstance(values, str) else set(values)
    found = tuple(sorted({clean_text(value) for value in given}))  # as they are stored
    if not found or not all(found):
        raise UsageError(f"the filter {name} needs a value, such as {name}=...")
    for value in found if name == "severity" else ():
        if value not in SEVERITIES:
            raise UsageError(f"no severity is called {value!r}{suggest_name(value, SEVERITIES)}")
    return found
