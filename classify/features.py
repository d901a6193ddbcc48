"""Turn signals into the features that statistical classifiers count: words, character n-grams, signal tags."""

from __future__ import annotations

import re

from ..core.types import Signals

_WORD = re.compile(r"<\w+>(?:\.\w+)?|[^\W\d_]+(?:['\-_][^\W\d_]+)*|_+[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MAX_WORDS = 900
_SHORTEST, _LONGEST = 3, 5


def words_of(signals: Signals) -> list[str]:
    """Return the lower-case words of the masked text, the parts of compound names, and pairs of neighbours."""
    words: list[str] = []
    for word in _WORD.findall(signals.masked_text)[:_MAX_WORDS]:
        words.append(word.lower())
    pairs = [f"{first} {second}" for first, second in zip(words, words[1:], strict=False)]
    parts = [part for word in _WORD.findall(signals.masked_text)[:_MAX_WORDS] for part in _parts(word)]
    return words + pairs + parts


def chars_of(signals: Signals) -> list[str]:
    """Return the character 3- to 5-grams within each word of the masked text, with a space at each end of it."""
    grams: list[str] = []
    for word in signals.masked_text.lower().split()[:_MAX_WORDS]:
        if word.startswith("<") and word.endswith(">"):
            continue
        padded = f" {word[:40]} "
        for length in range(_SHORTEST, _LONGEST + 1):
            grams.extend(padded[i : i + length] for i in range(len(padded) - length + 1))
    return grams


def tags_of(signals: Signals) -> list[str]:
    """Return the signal tags."""
    return list(signals.tags)


def _parts(word: str) -> list[str]:
    """Split ``ModuleNotFoundError`` and ``connection_reset`` into their words; nothing for a simple word."""
    parts = [part.lower() for piece in word.split("_") for part in _CAMEL.split(piece) if len(part) > 2]
    return parts if len(parts) > 1 else []
