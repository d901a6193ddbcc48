"""Parts of a decision that no rule of the set ever sets."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Finding
from .search import Searcher

_NEEDED = ("type", "category", "severity", "retryable", "strategy", "priority")
"""Without these a decision is made of the careful defaults of the code."""
_ADVICE = "Add rules that set it, or extend the default set, which does."


def find_never_set(searcher: Searcher) -> Iterator[Finding]:
    """Yield every part that is missing from all decisions."""
    for name in _NEEDED:
        if name not in searcher.policy.sets:
            yield Finding("never_set", (), f"No rule of the set ever sets {name}.", _ADVICE)
