"""Make the baselines."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.types import Example
from .baseline import Baseline
from .majority import Majority
from .plain_tfidf import PlainTfidf
from .seed_patterns import SeedPatterns


def build_baselines(examples: Sequence[Example]) -> list[Baseline]:
    """Return all baselines, those that learn trained on these examples, which must show at least two types."""
    return [Majority(examples), SeedPatterns(), PlainTfidf(examples)]
