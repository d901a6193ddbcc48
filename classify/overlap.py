"""Find texts that training texts repeat."""

from __future__ import annotations

from collections.abc import Iterable

from .masks import mask_variables


def count_repeated(texts: Iterable[str], known: Iterable[str]) -> int:
    """Return how many of ``texts`` equal a known one once both are masked, whatever their case and white space."""
    templates = {_plain(text) for text in known}
    return sum(_plain(text) in templates for text in texts)


def _plain(text: str) -> str:
    return " ".join(mask_variables(text).lower().split())
