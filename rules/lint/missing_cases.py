"""Rules that do not show when they fire, or when they stay silent."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Finding
from .search import Searcher

_WANTED = ((True, "fires"), (False, "silent"))


def find_missing_cases(searcher: Searcher) -> Iterator[Finding]:
    """Yield every rule without a case that fires, or without one that stays silent."""
    for rule in searcher.policy.rules:
        for fires, group in _WANTED:
            needed = fires or not rule.always_fires
            if needed and not any(case.fires == fires for case in rule.cases):
                message = f"It has no case in which it {'fires' if fires else 'stays silent'}."
                yield Finding("missing_cases", (rule.id,), message, f"Add one under cases.{group}.")
