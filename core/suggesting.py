"""Help with misspelt names in error messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

_SHOWN = 80


def suggest_name(name: str, known: Iterable[str], *, most: int = 3) -> str:
    """Return `` (did you mean ...?)`` with the nearest of ``known``, ``most`` at most; nothing when none is near."""
    near = difflib.get_close_matches(name, sorted(known), n=most, cutoff=0.6)
    return f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""


def show_value(value: object) -> str:
    """Return a value as Python writes it, cut: it may be a stranger's, and as long as they like."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits has no text
        return f"a {type(value).__name__} too long to show"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def join_choices(choices: Sequence[str]) -> str:
    """Return the choices as they are said, such as ``a, b or c``; there is at least one."""
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


def join_names(names: Iterable[str]) -> str:
    """Return the names in order, separated by commas."""
    return ", ".join(sorted(names)) or "none"
