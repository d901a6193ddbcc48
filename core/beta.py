"""The beta distribution: what is known of a success probability after some successes and failures."""

from __future__ import annotations

import math

_TINY = 1e-300
_STEPS = 500
_PRECISION = 1e-12
_WIDTH = 1e-7
"""Within which a quantile is found."""


def beta_quantile(share: float, successes: float, failures: float) -> float:
    """Return the value below which ``share`` (0 to 1) of Beta(``successes``, ``failures``) lies; both must be above 0.

    By bisection, to seven digits.
    """
    low, high = 0.0, 1.0
    while high - low > _WIDTH:
        middle = (low + high) / 2
        if beta_share(middle, successes, failures) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_share(value: float, successes: float, failures: float) -> float:
    """Return how much of Beta(``successes``, ``failures``) lies below ``value``: the regularised incomplete beta.

    By its continued fraction, DLMF 8.17.22, evaluated with the modified Lentz method.
    """
    if value <= 0.0:
        return 0.0
    if value >= 1.0:
        return 1.0
    if value > (successes + 1.0) / (successes + failures + 2.0):  # the fraction converges fast only below the mean
        return 1.0 - beta_share(1.0 - value, failures, successes)
    front = successes * math.log(value) + failures * math.log1p(-value) - _log_beta(successes, failures)
    return math.exp(front) / (successes * _fraction(value, successes, failures))


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return 1 + d1/(1 + d2/(1 + ...)) with the coefficients of DLMF 8.17.23."""
    result, upper, lower = 1.0, 1.0, 0.0
    for step in range(1, _STEPS):
        half, odd = divmod(step, 2)
        if odd:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        lower = 1.0 / _away_from_zero(1.0 + term * lower)
        upper = _away_from_zero(1.0 + term / upper)
        result *= upper * lower
        if abs(upper * lower - 1.0) < _PRECISION:
            break
    return result


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
