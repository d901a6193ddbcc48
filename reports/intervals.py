"""Intervals of 95 %: what small numbers can tell."""

from __future__ import annotations

import math

_Z = 1.959964
"""The quantile of the normal distribution that leaves 2.5 % above."""


def share_interval(successes: float, tries: float) -> tuple[float, float] | tuple[None, None]:
    """Return Wilson's interval of a share (E. B. Wilson 1927), as in the mart ``retry_worth``; None without tries."""
    if not tries:
        return None, None
    middle = successes + _Z * _Z / 2
    reach = _Z * math.sqrt(successes * (tries - successes) / tries + _Z * _Z / 4)
    return max((middle - reach) / (tries + _Z * _Z), 0.0), min((middle + reach) / (tries + _Z * _Z), 1.0)


def difference_interval(now: tuple[int, int], before: tuple[int, int]) -> tuple[float, float]:
    """Return the interval of the difference of two shares, each (cases, of how many), that rest on any cases.

    Newcombe's from Wilson's of each (R. G. Newcombe 1998, method 10).
    """
    (low, high), (low_before, high_before) = _ends(now), _ends(before)
    share, share_before = now[0] / now[1], before[0] / before[1]
    down = ((share - low) ** 2 + (high_before - share_before) ** 2) ** 0.5
    up = ((high - share) ** 2 + (share_before - low_before) ** 2) ** 0.5
    return share - share_before - down, share - share_before + up


def _ends(share: tuple[int, int]) -> tuple[float, float]:
    low, high = share_interval(*share)
    return (0.0 if low is None else low), (1.0 if high is None else high)


def change_interval(now: float, before: float) -> tuple[float | None, float | None]:
    """Return the interval of the relative change of a count against that of as long a time; None where it has no end.

    Of counts that come independently of each other, ``now`` is a binomial share of both together; the change follows
    from its interval. Counts that vary more than by Poisson's law are divided by their dispersion before.
    """
    low, high = share_interval(now, now + before)
    return _to_change(low), _to_change(high) if before else None


def _to_change(share: float | None) -> float | None:
    return None if share is None or share >= 1 else share / (1 - share) - 1


def survival_interval(survival: float, standard_error: float | None) -> tuple[float, float] | tuple[None, None]:
    """Return the interval of one point of a survival curve; None where it is 1 or 0, of which no error is known.

    By the complementary log-log transformation (Kalbfleisch and Prentice 1980), which keeps it between 0 and 1.
    """
    if standard_error is None or not 0 < survival < 1:
        return None, None
    reach = _Z * standard_error / (survival * math.log(survival))
    low, high = sorted(survival ** math.exp(sign * reach) for sign in (-1, 1))
    return low, high
