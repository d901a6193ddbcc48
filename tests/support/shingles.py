"""Runs of words, by which texts are compared."""

from __future__ import annotations

from collections.abc import Sequence

Shingle = tuple[str, ...]


def list_shingles(words: Sequence[str], size: int) -> list[Shingle]:
    """Return the runs of ``size`` words in order; none where there are fewer words."""
    return list(zip(*(words[start:] for start in range(size)), strict=False))
