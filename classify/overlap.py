"""Find texts that training texts repeat."""

from __future__ import annotations

from collections.abc import Iterable

from .masks import mask_variables


def count_repeated(texts: Iterable[str], known: Iterable[str]) -> int:
    """Return how many of ``texts`` equal a known one once both are masked, whatever their case and white space."""
    templates = {plain_wording(text) for text in known}
    return sum(plain_wording(text) in templates for text in texts)


def plain_wording(text: str) -> str:
    """Return the text masked, in small letters, with single spaces: equal for texts that say the same."""
    return " ".join(mask_variables(text).lower().split())
