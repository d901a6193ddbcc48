"""Tell which tool printed a text."""

from __future__ import annotations

from collections import Counter

from .knowledge import load_knowledge


def detect_tool(text: str) -> str | None:
    """Return the tool whose wordings are found most often, the last one among equals; None when none is."""
    found = load_knowledge().tools.find(text.lower())
    if not found:
        return None
    votes = Counter([tool for _, _, tool in found])
    best = max(votes.values())
    return next(tool for tool in reversed(votes) if votes[tool] == best)
