"""What counts most about a decision: what explanations look for changes in."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.frozen import FrozenDict
from ..core.types import Scalar
from .deciding import fold_facts
from .engine import Derivation
from .policy import Policy

ASPECTS = ("strategy", "type", "retryable", "severity")
"""The weightiest first."""
Aspects = Mapping[str, Scalar]


def judge_facts(derivation: Derivation, policy: Policy) -> Aspects:
    """Return what the decision on these facts comes to."""
    decision = fold_facts(derivation, policy)
    return FrozenDict({name: getattr(decision, name) for name in ASPECTS})


def find_changes(before: Aspects, after: Aspects) -> Mapping[str, Scalar]:
    """Return what is otherwise, with what it is now, the weightiest first."""
    return FrozenDict({name: after[name] for name in ASPECTS if after[name] != before[name]})


def rank_changes(changes: Mapping[str, Scalar]) -> int:
    """Return the place of the weightiest change from 0; one past the last where there is none."""
    return next((place for place, name in enumerate(ASPECTS) if name in changes), len(ASPECTS))
