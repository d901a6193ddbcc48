"""Tell which tool printed a text."""

from __future__ import annotations

import re
from collections import Counter

from .knowledge import load_knowledge

_WORD = re.compile(r"\w+")


def detect_tool(text: str) -> str | None:
    """Return the tool whose wordings are found most often, the last one among equals; None when none is."""
    tools = load_knowledge().tools
    lowered = text.lower()
    votes: Counter[str] = Counter()
    for match in _WORD.finditer(lowered):
        for phrase, tool in tools.get(match.group(), ()):
            if lowered.startswith(phrase, match.start()):
                votes[tool] += 1
                break
    if not votes:
        return None
    best = max(votes.values())
    return next(tool for tool in reversed(votes) if votes[tool] == best)
