"""Texts that differ in names and numbers only, or hardly more."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from support.shingles import Shingle, list_shingles

from errclass.classify.masks import mask_variables

ALIKE = 0.8
"""Jaccard similarity of two texts' shingles from which they are near-duplicates."""
WORDS = 5
_WORD = re.compile(r"<\w+>|\w+")


def find_near_duplicates(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of texts, by their indices, that are alike once masked; the earlier one first.

    Texts are compared as sets of runs of 5 words; a shorter text is one run. Of two sets that are alike, each must
    hold one of the other's rarest members, and only such pairs are compared (Chaudhuri, Ganti and Kaushik 2006, "A
    primitive operator for similarity joins in data cleaning").
    """
    sets = [_shingle(text) for text in texts]
    shared_by = Counter(shingle for one in sets for shingle in one)
    index: dict[Shingle, list[int]] = defaultdict(list)
    pairs = []
    for number, one in enumerate(sets):
        rarest = sorted(one, key=lambda shingle: (shared_by[shingle], shingle))
        rarest = rarest[: len(one) - math.ceil(ALIKE * len(one)) + 1]
        near = {other for shingle in rarest for other in index[shingle]}
        pairs += [(other, number) for other in sorted(near) if _are_alike(one, sets[other])]
        for shingle in rarest:
            index[shingle].append(number)
    return pairs


def measure_repetition(texts: Sequence[str]) -> float:
    """Return the share of texts that are a near-duplicate of an earlier one, 0 to 1: what a corpus could do without."""
    return len({later for _, later in find_near_duplicates(texts)}) / max(1, len(texts))


def _shingle(text: str) -> frozenset[Shingle]:
    words = _WORD.findall(mask_variables(text).lower())
    return frozenset(list_shingles(words, WORDS) or [tuple(words)])


def _are_alike(one: frozenset[Shingle], other: frozenset[Shingle]) -> bool:
    shared = len(one & other)
    return shared >= ALIKE * (len(one) + len(other) - shared)
