"""Rules that no facts make fire."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import Rule
from .causes import describe_cause, find_cause
from .finding import Finding
from .goals import Fires
from .loops import list_looping
from .search import Searcher
from .shadowed import can_set

_ADVICE = "Correct the conditions, or remove the rule."


def find_unreachable(searcher: Searcher) -> Iterator[Finding]:
    """Yield every rule that cannot fire; those of a loop are the loop's."""
    looping = list_looping(searcher)
    for rule in searcher.policy.rules:
        doubtful = rule.id not in looping and not can_set(searcher, rule)
        if doubtful and searcher.find_facts(Fires(rule.id)).is_impossible:
            yield _describe(searcher, rule)


def _describe(searcher: Searcher, rule: Rule) -> Finding:
    cause = find_cause(searcher, rule)
    return Finding(
        "unreachable", (rule.id,), f"No facts make it fire: {describe_cause(cause)}.", _ADVICE, cause.nearest
    )
