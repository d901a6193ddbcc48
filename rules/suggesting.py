"""Help with misspelt names in error messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggest_name(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean ...?)`` with the nearest of ``known``, or nothing when none is near."""
    near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""


def join_names(names: Iterable[str]) -> str:
    """Return the names in order, separated by commas."""
    return ", ".join(sorted(names)) or "none"
