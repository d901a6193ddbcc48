"""The one door through which facts reach an engine, so that both engines see the same values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..core.types import Scalar

TEXT_LIMIT = 256
"""Characters kept of a string."""
NUMBER_LIMIT = 10**9
"""Numbers are clamped to plus and minus this; with four digits they stay exact as 64-bit integers."""
DIGITS = 4
"""Digits kept behind the decimal point."""


def normalise_scalar(value: Any) -> Scalar | None:
    """Return ``value`` as the engines carry it; None when they cannot (None, NaN, infinities, anything not scalar)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)[:TEXT_LIMIT]
    if isinstance(value, int):
        return _clamp(int(value))
    if isinstance(value, float) and math.isfinite(value):
        return _clamp(round(float(value), DIGITS) + 0.0)
    return None


def normalise_facts(facts: Mapping[str, Any]) -> dict[str, Scalar]:
    """Return the facts that can be carried, in the order of their names."""
    carried = ((name, normalise_scalar(facts[name])) for name in sorted(facts))
    return {name: value for name, value in carried if value is not None}


def _clamp(number: float) -> int | float:
    return max(-NUMBER_LIMIT, min(NUMBER_LIMIT, number))
