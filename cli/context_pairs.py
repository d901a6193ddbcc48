"""What ``--context KEY=VALUE`` says, as fields of a context."""

from __future__ import annotations

from typing import Any, get_args

from ..core.context_slips import CONTEXT_FIELDS, find_near_field
from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from ..core.types import Effect

_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no")
_EFFECTS = get_args(Effect)


def parse_fields(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Turn ``KEY=VALUE`` pairs into a context's fields; unknown keys become metadata.

    Raises UsageError for a pair without ``=`` and for values that a field cannot hold.
    """
    fields: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise UsageError(f"--context {pair!r}: expected KEY=VALUE, for example environment=production")
        if key in CONTEXT_FIELDS:
            fields[key] = _parse_value(key, value)
        else:
            _refuse_misspelling(key)
            metadata[key] = value
    return {**fields, "metadata": FrozenDict(metadata)} if metadata else fields


def _refuse_misspelling(key: str) -> None:
    """Refuse a key that is almost one of ours: as metadata it would be kept, and nothing would come of it."""
    nearest = find_near_field(key)
    if nearest:
        raise UsageError(f"--context {key}=...: there is no such key; did you mean {nearest}?")


def _parse_value(key: str, value: str) -> Any:
    if key == "attempt":
        if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= 1_000_000:
            raise UsageError(f"--context attempt={value}: expected a number from 1")
        return int(value)
    if key == "cancelled":
        if value.lower() not in _TRUE + _FALSE:
            raise UsageError(f"--context cancelled={value}: expected true or false")
        return value.lower() in _TRUE
    if key == "effect" and value not in _EFFECTS:
        raise UsageError(f"--context effect={value}: expected one of {', '.join(_EFFECTS)}")
    return value
