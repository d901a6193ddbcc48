"""Rules that wait for each other: each for a fact that another of them sets in the same stage."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.types import Facts
from .circles import Circle, is_closed, list_circles
from .finding import Finding
from .search import Searcher
from .standstill import ask_standstill

_ADVICE = "Break the circle: test what the facts are derived from, or move one of the rules to an earlier stage."


def find_loops(searcher: Searcher) -> Iterator[Finding]:
    """Yield every circle of rules that can wait for each other in vain."""
    for circle, facts in _list_loops(searcher):
        yield Finding("loops", circle.names, f"{_describe(circle)} {_describe_end(facts)}", _ADVICE, facts or {})


def list_looping(searcher: Searcher) -> frozenset[str]:
    """Return the rules that some finding about a loop names."""
    return frozenset(name for circle, _ in _list_loops(searcher) for name in circle.names)


def _list_loops(searcher: Searcher) -> Iterator[tuple[Circle, Facts | None]]:
    """Yield circles that no other rule breaks, or not on all facts, with such facts where there are any."""
    for circle in list_circles(searcher.policy):
        facts = searcher.find_facts(ask_standstill(circle)).facts
        if facts is not None or is_closed(circle, searcher.policy):
            yield circle, facts


def _describe(circle: Circle) -> str:
    waits = [" and ".join(sorted(names)) for names in circle.waits]
    if len(waits) == 1:
        return f"It waits for {waits[0]}, which it sets itself."
    before = (circle.names[-1], *circle.names)
    parts = (f"{name} for {facts} of {other}" for name, facts, other in zip(circle.names, waits, before, strict=False))
    return f"They wait for each other in a circle: {', '.join(parts)}."


def _describe_end(facts: Facts | None) -> str:
    if facts is None:
        return "No other rule sets all that is waited for, so that none of them ever fires."
    return "On these facts nothing else is missing, and none of them fires."
