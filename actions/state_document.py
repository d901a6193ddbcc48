"""Values of a stored or exported state, each checked before anything is made of it: it comes from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.errors import UsageError

_MOST = 2**63
"""Counts stay below it, as nothing counts so far."""


def read_value(document: Any, name: str) -> Any:
    """Return a value of a mapping; raises UsageError where there is none, as all of these do."""
    if not isinstance(document, Mapping):
        raise UsageError(f"a state is damaged: where {name} should be is no mapping; export it anew")
    if name not in document:
        raise UsageError(f"a state is damaged: it lacks {name}; export it anew")
    return document[name]


def read_mapping(document: Any, name: str) -> Mapping[Any, Any]:
    """Return a mapping."""
    value = read_value(document, name)
    return value if isinstance(value, Mapping) else _refuse(name, "mapping")


def read_list(document: Any, name: str) -> list[Any]:
    """Return a list."""
    value = read_value(document, name)
    return value if isinstance(value, list) else _refuse(name, "list")


def read_number(document: Any, name: str) -> float:
    """Return a finite number."""
    return as_number(read_value(document, name), name)


def read_count(document: Any, name: str) -> int:
    """Return a whole number of at least 0."""
    return as_count(read_value(document, name), name)


def as_number(value: Any, name: str) -> float:
    """Return the value if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_MOST < value < _MOST:
        _refuse(name, "finite number")
    return float(value)


def as_count(value: Any, name: str) -> int:
    """Return the value if it is a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST:
        _refuse(name, "count")
    return int(value)


def _refuse(name: str, wanted: str) -> Any:
    raise UsageError(f"a state is damaged: {name} is no {wanted}; export it anew")
