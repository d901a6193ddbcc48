"""How much counts vary between the same slots of two periods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .counts_law import find_dispersion


@dataclass(frozen=True, slots=True)
class Spread:
    """Hold how much counts vary beyond what both periods have in common."""

    dispersion: float
    """How many times as much as by Poisson's law, at least 1."""
    variation: float
    """Standard deviation beyond Poisson's law, over the mean count of a slot."""
    p_value: float
    """How probable so much variation is by Poisson's law."""


def compare_slots(now: Sequence[int], before: Sequence[int]) -> Spread:
    """Return the spread of two rows of slots of one length: Pearson's statistic of the table of both."""
    from scipy import special

    totals = [one + other for one, other in zip(now, before, strict=True)]
    total, freedom = sum(totals), sum(1 for one in totals if one) - 1
    if freedom < 1 or not (sum(now) and sum(before)):
        return Spread(1.0, 0.0, 1.0)
    squares = math.fsum(
        (count - sum(row) * both / total) ** 2 / (sum(row) * both / total)
        for row in (now, before)
        for count, both in zip(row, totals, strict=True)
        if both
    )
    dispersion = find_dispersion(squares, freedom)
    mean = total / (2 * len(totals))
    return Spread(dispersion, math.sqrt((dispersion - 1) / mean), float(special.chdtrc(freedom, squares)))
