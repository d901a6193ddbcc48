"""Whether a count is more or less of a whole than its share of the time, or than chance would have it."""

from __future__ import annotations

import math


def judge_share(count: float, total: float, share: float) -> float:
    """Return the two-sided p-value of ``count`` of ``total`` where each falls in with probability ``share``.

    The binomial tails, doubled; counts may be fractions, as those are that were divided by their dispersion.
    """
    from scipy import special

    if total <= 0 or not 0 < share < 1:
        return 1.0
    upper = float(special.betainc(count, total - count + 1, share)) if count > 0 else 1.0
    lower = float(special.betainc(total - count, count + 1, 1 - share)) if count < total else 1.0
    return min(1.0, 2 * min(upper, lower))


def judge_pair(together: int, seen: int, other_seen: int, total: int) -> tuple[float, float]:
    """Return how probable it is by chance that so many or more, and so many or fewer, have both of two traits.

    ``seen`` and ``other_seen`` of ``total`` have one each. R. A. Fisher 1935: the hypergeometric tails.
    """
    least, most = max(0, seen + other_seen - total), min(seen, other_seen)
    return (
        min(1.0, _sum_tail(together, most, 1, (seen, other_seen, total))),
        min(1.0, _sum_tail(together, least, -1, (seen, other_seen, total))),
    )


def _sum_tail(start: int, end: int, step: int, margins: tuple[int, int, int]) -> float:
    """Sum the probabilities from ``start`` to ``end``, until what is left no longer counts."""
    seen, other, total = margins
    term = math.exp(_log_probability(start, margins))
    found, count = term, start
    while count != end and term:
        if step > 0:
            ratio = (seen - count) * (other - count) / ((count + 1) * (total - seen - other + count + 1))
        else:
            ratio = count * (total - seen - other + count) / ((seen - count + 1) * (other - count + 1))
        term *= ratio
        count += step
        found += term
        if ratio < 1 and term < found * 1e-16:
            break
    return found


def _log_probability(count: int, margins: tuple[int, int, int]) -> float:
    seen, other, total = margins
    return _log_choose(seen, count) + _log_choose(total - seen, other - count) - _log_choose(total, other)


def _log_choose(size: int, count: int) -> float:
    return math.lgamma(size + 1) - math.lgamma(count + 1) - math.lgamma(size - count + 1)
