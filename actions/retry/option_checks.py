"""Refuse options where they are given, for else they fail inside of the user's program, at its first bad moment."""

from __future__ import annotations

import math
from typing import Any, get_args

from ...core.errors import UsageError
from ..callables import makes_coroutine


def check_count(name: str, value: Any, *, least: int = 1) -> None:
    """Raise UsageError unless it is a whole number, and large enough."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UsageError(f"{name}: give a whole number of calls, at least {least}, not {value!r}")


def check_seconds(name: str, value: Any, *, positive: bool = False) -> None:
    """Raise UsageError unless it is a finite number, at least 0; above it where it has to be ``positive``."""
    if not is_finite(value) or value < 0 or (positive and value == 0):
        least = "above 0" if positive else "at least 0"
        raise UsageError(f"{name}: give a number of seconds, {least}, not {value!r}")


def check_name(name: str, value: Any) -> None:
    """Raise UsageError unless it is a text with something in it."""
    if not isinstance(value, str) or not value:
        raise UsageError(f"{name}: give a name, such as 'deploy', not {value!r}")


def check_effect(value: Any) -> None:
    """Raise UsageError for what is no effect: a misspelt ``irreversible`` would allow what it is to forbid."""
    from ...core.types import Effect  # all its types are slow to load, and few programs name an effect

    known = get_args(Effect)
    if value not in known:
        raise UsageError(f"effect: give one of {', '.join(known)}, not {value!r}{_suggest(value, known)}")


def check_predicate(name: str, value: Any) -> None:
    """Raise UsageError unless it is a function that answers at once: what has to be awaited is always true."""
    if not callable(value):
        raise UsageError(f"{name}: give a function that returns True or False, not {value!r}")
    if makes_coroutine(value):
        raise UsageError(f"{name}: give a function, not a coroutine function: nobody would await its answer")


def is_finite(value: Any) -> bool:
    """Say whether it is a number with an end; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float can hold
        return False


def _suggest(value: Any, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # for a mistake only

    near = get_close_matches(str(value).lower(), known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
