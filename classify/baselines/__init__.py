"""What the classifier is compared with: simple ways to name a failure's type."""

from __future__ import annotations

from .baseline import Baseline
from .building import build_baselines
from .majority import Majority
from .plain_tfidf import PlainTfidf
from .seed_patterns import SeedPatterns

__all__ = ["Baseline", "Majority", "PlainTfidf", "SeedPatterns", "build_baselines"]
