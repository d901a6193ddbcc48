"""The thirteen patterns of the system that errclass replaces."""

from __future__ import annotations

import re

from ...core.types import UNKNOWN, Prediction, TypeProbability

# One pattern per type, searched without regard to case and anchored nowhere, as there.
PATTERNS = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "network": r"network.{0,200}timeout|connection.{0,200}refused|econn(?:refused|reset)|enotfound|dns.{0,200}fail",
        "resource": r"out of memory|memory.{0,200}limit|disk.{0,200}full|resource.{0,200}exhausted|enospc|enomem|quota",
        "rate_limit": r"rate.{0,200}limit|too many requests|429|throttl",
        "temporary": r"temporar(?:y|ily)|service unavailable|bad gateway|gateway timeout|try again",
        "dependency": r"cannot find module|module not found|package.{0,200}not found|dependenc.{0,200}fail|eresolve",
        "syntax": r"syntax ?error|unexpected token|parse error|unexpected identifier|invalid syntax",
        "configuration": r"config.{0,200}(?:error|invalid|missing|not found)|(?:missing|invalid).{0,200}variable",
        "test": r"tests?.{0,200}failed|assertion.{0,200}(?:error|failed)|expected.{0,200}(?:received|got)|\d failing",
        "build": r"build.{0,200}failed|compilation.{0,200}(?:error|failed)|failed to compile|webpack.{0,200}error",
        "security": r"unauthori[sz]ed|forbidden|permission denied|access denied|authentication.{0,200}failed|401|403",
        "corruption": r"corrupt|checksum.{0,200}mismatch|integrity.{0,200}(?:error|failed)|data loss",
        "system": r"outofmemoryerror|kernel panic|segmentation fault|stack overflow|system.{0,200}(?:crash|failure)",
        "database": r"database.{0,200}(?:error|failed)|deadlock|sql.{0,200}error|relation.{0,200}does not exist",
    }.items()
}
_KEYWORDS = ("error", "failed", "timeout", "refused", "denied")
_BASE = 0.5


class SeedPatterns:
    """Search a text for thirteen regular expressions and trust the match of the highest confidence.

    These are the rules of the system that this one replaces, rebuilt from what is known of it: its thirteen types, its
    formula of confidence, and what it is known to find and to miss. The wording of each pattern is ours, and gaps are
    bounded where the original let them run on. The formula gives one number and no distribution: what it leaves is
    spread evenly over the other types. Where nothing matches, the answer is ``unknown`` with the 0.5 that the formula
    starts from.
    """

    name = "the seed's 13 patterns"

    def predict(self, text: str) -> Prediction:
        """Return the type of the surest match and its confidence, 0.5 to 1."""
        found = {kind: _rate(pattern, text) for kind, pattern in PATTERNS.items()}
        best = max(found, key=lambda kind: found[kind])
        return _spread(best, found[best]) if found[best] else _spread(UNKNOWN, _BASE)


def _rate(pattern: re.Pattern[str], text: str) -> float:
    """Return 0.5 + 0.3 * (the match's share of the text) + 0.1 per keyword in it, at most 1; 0 without a match.

    Two matches and more add 0.05 each, up to 0.2.
    """
    matches = [match[0].lower() for match in pattern.finditer(text)]
    if not matches:
        return 0.0
    keywords = sum(keyword in matches[0] for keyword in _KEYWORDS)
    several = min(0.05 * len(matches), 0.2) if len(matches) > 1 else 0.0
    return min(1.0, _BASE + 0.3 * len(matches[0]) / len(text) + 0.1 * keywords + several)


def _spread(kind: str, confidence: float) -> Prediction:
    others = [name for name in (*PATTERNS, UNKNOWN) if name != kind]
    rest = (1.0 - confidence) / len(others)
    return Prediction((TypeProbability(kind, confidence), *(TypeProbability(name, rest) for name in others)))
