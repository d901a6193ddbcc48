"""Turn signals into the features that statistical classifiers count: words, character n-grams, signal tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from ..core.types import Signals

_WORD = re.compile(r"<\w+>(?:\.\w+)?|[^\W\d_]+(?:['\-_][^\W\d_]+)*|_+[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORTEST, _LONGEST = 3, 5
_MAX_WORD_CHARS = 40


NOTHING_SHARED = "nothing to learn: no word and no code stands in enough of the texts; add more, or longer ones"
_FEW = 40


def words_of(signals: Signals) -> list[str]:
    """Return the words of all lines of the masked text, as ``words_of_line`` does."""
    return [word for line in signals.masked_text.split("\n") for word in words_of_line(line)]


def words_of_line(line: str) -> list[str]:
    """Return the lower-case words of a masked line, the pairs of neighbours, and the parts of compound names.

    A pair never spans two lines: what a line says does not depend on its neighbours, so that it can be left out alone.
    """
    found = _WORD.findall(line)
    words = [word.lower() for word in found]
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    parts = [part for word in found for part in _parts(word)]
    return words + pairs + parts


def chars_of(signals: Signals) -> list[str]:
    """Return the character n-grams of all words of the masked text, as ``chars_of_word`` does."""
    return [gram for word in signals.masked_text.lower().split() for gram in chars_of_word(word)]


def chars_of_word(word: str) -> list[str]:
    """Return the character 3- to 5-grams of a lower-case word with a space at each end; none of a placeholder."""
    if word.startswith("<") and word.endswith(">"):
        return []
    padded = f" {word[:_MAX_WORD_CHARS]} "
    lengths = range(_SHORTEST, _LONGEST + 1)
    return [padded[i : i + length] for length in lengths for i in range(len(padded) - length + 1)]


def tags_of(signals: Signals) -> list[str]:
    """Return the signal tags."""
    return list(signals.tags)


def least_documents(examples: int) -> int:
    """Return in how many texts a feature must stand to be learned: what stands in one only may be private.

    A handful of texts has nothing else to learn from.
    """
    return 2 if examples >= _FEW else 1


def shows_features(analyser: Callable[[Signals], list[str]], signals: Sequence[Signals], documents: int) -> bool:
    """Tell whether any feature stands in that many texts; plain messages without codes have no tags at all."""
    counts: Counter[str] = Counter()
    for one in signals:
        features = set(analyser(one))
        counts.update(features)
        if any(counts[feature] >= documents for feature in features):
            return True
    return False


def _parts(word: str) -> list[str]:
    """Split ``ModuleNotFoundError`` and ``connection_reset`` into their words; nothing for a simple word."""
    parts = [part.lower() for piece in word.split("_") for part in _CAMEL.split(piece) if len(part) > 2]
    return parts if len(parts) > 1 else []
