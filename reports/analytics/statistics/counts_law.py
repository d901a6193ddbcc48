"""The law of counts: Poisson's, or the negative binomial one where they vary more."""

from __future__ import annotations

import math

_LOW, _HIGH = 0.025, 0.975
_SAME = 1e-9


def find_upper_tail(count: int, mean: float, variance: float) -> float:
    """Return how probable it is that ``count`` or more come; a variance below the mean is taken as the mean."""
    if count <= 0 or mean <= 0:
        return float(count <= 0)
    from scipy import special

    if variance <= mean * (1 + _SAME):
        return float(special.gammainc(count, mean))
    size = mean * mean / (variance - mean)
    return float(special.betainc(count, size, 1 - mean / variance))


def find_interval(mean: float, variance: float) -> tuple[int, int]:
    """Return between which counts 95 % lie, at least."""
    return _find_quantile(_LOW, mean, variance), _find_quantile(_HIGH, mean, variance)


def _find_quantile(share: float, mean: float, variance: float) -> int:
    """Return the least count that at most so many come with a probability of ``share``."""
    low, high = -1, 1
    while find_upper_tail(high + 1, mean, variance) > 1 - share:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        enough = find_upper_tail(middle + 1, mean, variance) <= 1 - share
        low, high = (low, middle) if enough else (middle, high)
    return high


def find_dispersion(squares: float, freedom: int) -> float:
    """Return how many times as much as by Poisson's law counts vary, at least 1; ``squares`` is Pearson's statistic."""
    return max(1.0, squares / freedom) if freedom > 0 and math.isfinite(squares) else 1.0
