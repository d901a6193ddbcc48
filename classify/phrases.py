"""Find fixed wordings in a text without trying each of them at each word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

V = TypeVar("V")

_WORD = re.compile(r"\w+")
_REMEMBERED_TEXTS = 4
"""One text is searched for codes and for tools in turn."""
_AHEAD = 4
"""Characters after its first word by which a phrase is looked up: a blank, and what tells thousands of them apart."""


class _Ways(NamedTuple, Generic[V]):
    """How phrases with the same first word go on."""

    lengths: tuple[int, ...]
    """Of the keys, longest first."""
    phrases: dict[str, list[tuple[str, V]]]
    """Up to four characters after the first word -> (phrase, what it stands for), longest first."""


class Phrases(Generic[V]):
    """Hold fixed wordings and what each stands for. Each begins with a letter, a digit or an underscore."""

    def __init__(self, meanings: Iterable[tuple[str, V]]) -> None:
        """Index (phrase, meaning) pairs; case does not matter, and of equal phrases the first counts.

        Raises ValueError for a phrase that begins with something else than a word.
        """
        by_word: dict[str, list[tuple[str, V]]] = defaultdict(list)
        for phrase, meaning in meanings:
            by_word[_first_word(phrase.lower())].append((phrase.lower(), meaning))
        self._ways = {word: _index_ways(len(word), pairs) for word, pairs in by_word.items()}

    def find(self, lowered: str) -> list[tuple[int, int, V]]:
        """Return (start, end, meaning) of each phrase in a lower-case text, in its order.

        A phrase begins at the start of a word, and its first word is found as a whole only; of several that begin at
        one place, the longest is found.
        """
        ways = self._ways
        found = []
        for word, start, end in [place for place in _find_words(lowered) if place[0] in ways]:
            if pair := _find_longest(lowered, start, end, ways[word]):
                found.append((start, start + len(pair[0]), pair[1]))
        return found


@lru_cache(_REMEMBERED_TEXTS)
def _find_words(text: str) -> list[tuple[str, int, int]]:
    return [(match.group(), *match.span()) for match in _WORD.finditer(text)]


def _index_ways(word_chars: int, pairs: list[tuple[str, V]]) -> _Ways[V]:
    phrases: dict[str, list[tuple[str, V]]] = defaultdict(list)
    for phrase, meaning in sorted(pairs, key=lambda pair: -len(pair[0])):
        phrases[phrase[word_chars : word_chars + _AHEAD]].append((phrase, meaning))
    return _Ways(tuple(sorted({len(key) for key in phrases}, reverse=True)), dict(phrases))


def _find_longest(lowered: str, start: int, end: int, ways: _Ways[V]) -> tuple[str, V] | None:
    phrases = ways.phrases
    for length in ways.lengths:
        for pair in phrases.get(lowered[end : end + length], ()):
            if lowered.startswith(pair[0], start):
                return pair
    return None


def _first_word(phrase: str) -> str:
    match = _WORD.match(phrase)
    if match is None:
        raise ValueError(f"the phrase {phrase!r} must begin with a word character")
    return match.group()
