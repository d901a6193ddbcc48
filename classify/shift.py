"""Tell whether two counts of types differ by more than chance."""

from __future__ import annotations

from collections.abc import Mapping

DRAWS = 2_000
_SEED = 1
"""The same counts shall give the same figure; any number would do."""


def measure_shift(first: Mapping[str, int], second: Mapping[str, int]) -> float:
    """Return the total variation distance of two mixes: the share that would have to change, 0 to 1."""
    one, two = sum(first.values()), sum(second.values())
    if not one or not two:
        return 0.0
    kinds = first.keys() | second.keys()
    return sum(abs(first.get(kind, 0) / one - second.get(kind, 0) / two) for kind in kinds) / 2


def judge_shift(first: Mapping[str, int], second: Mapping[str, int]) -> float:
    """Return the probability of a distance at least so large when both are drawn from one mix.

    A permutation test over ``DRAWS`` draws: so it needs no minimum of cases per type, as chi-square does, and no less
    than 1 / (``DRAWS`` + 1) comes out.
    """
    import numpy as np

    kinds = sorted(first.keys() | second.keys())
    one, two = (np.array([counts.get(kind, 0) for kind in kinds]) for counts in (first, second))
    if not one.sum() or not two.sum():
        return 1.0
    drawn = np.random.default_rng(_SEED).multivariate_hypergeometric(one + two, one.sum(), size=DRAWS)
    rest = (one + two) - drawn
    distances = np.abs(drawn / one.sum() - rest / two.sum()).sum(axis=1) / 2
    least = measure_shift(first, second) - 1e-12
    return (1 + int((distances >= least).sum())) / (1 + DRAWS)
