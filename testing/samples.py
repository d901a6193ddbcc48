"""What many drawn delays say of where they come from."""

from __future__ import annotations

import math
from collections.abc import Sequence

_SIGMAS = 5.0
"""Standard errors that a mean may be off; a right one is further off once in two million times."""
_KOLMOGOROV = 2.7
"""Distance from the distribution, times the root of the sample's size, that a right one exceeds once in a million."""


def find_mean_fault(sample: Sequence[float], wanted: float, tolerance: float = 0.0) -> float | None:
    """Return the mean of the sample where it is not the one that is wanted, give or take; NaN where it is empty."""
    if not sample:
        return math.nan
    mean = sum(sample) / len(sample)
    spread = math.sqrt(sum((value - mean) ** 2 for value in sample) / len(sample))
    slack = max(tolerance, _SIGMAS * spread / math.sqrt(len(sample))) + 1e-9
    return None if abs(mean - wanted) <= slack else mean


def find_uniform_fault(sample: Sequence[float], low: float, high: float) -> str | None:
    """Return how far a sample is from uniform between two bounds, by the test of Kolmogorov and Smirnov."""
    if not sample or high <= low:
        return "there is nothing to compare"
    size = len(sample)
    shares = [(value - low) / (high - low) for value in sorted(sample)]
    distance = max(max(share - rank / size, (rank + 1) / size - share) for rank, share in enumerate(shares))
    return None if distance * math.sqrt(size) <= _KOLMOGOROV else f"{distance:.3f} away from it"
