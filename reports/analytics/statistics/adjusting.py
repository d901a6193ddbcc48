"""Many tests at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

LEVEL: Final = 0.05
"""At most this share of what is called significant is chance; where there is nothing, so often anything is found."""


def adjust_p_values(values: Sequence[float], family: int | None = None) -> list[float]:
    """Return p-values in the same order, each as the least false discovery rate that lets it through.

    ``family``: how many tests were made, where ``values`` are only the smallest p-values of these; the number of values
    by default. Y. Benjamini and Y. Hochberg 1995.
    """
    size = max(family or 0, len(values))
    found, least = [1.0] * len(values), 1.0
    for rank, place in sorted(enumerate(_order(values), 1), reverse=True):
        least = min(least, values[place] * size / rank)
        found[place] = least
    return found


def _order(values: Sequence[float]) -> list[int]:
    return sorted(range(len(values)), key=values.__getitem__)
