"""Label what nobody labelled, from exact evidence alone."""

from __future__ import annotations

from ..core.types import Signals

WEIGHTS = {"exact": 0.5, "strong": 0.25}
"""What a weak label counts beside a person's (1), by the strength of its evidence: less than half, for exact codes are
right in nine of ten texts at best and say nothing new to a model that sees them anyway."""


def weak_label(signals: Signals) -> tuple[str, float] | None:
    """Return (type, weight) when the codes of the strongest kind found agree on one type, else None."""
    for strength, weight in WEIGHTS.items():
        types = {hit.type for hit in signals.codes if hit.strength == strength and hit.type}
        if len(types) == 1:
            return types.pop(), weight
        if types:
            return None
    return None
