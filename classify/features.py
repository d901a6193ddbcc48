"""Turn signals into the features that statistical classifiers count: words, character n-grams, signal tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from ..core.types import Signals

_WORD = re.compile(r"<\w+>(?:\.\w+)?|[^\W\d_]+(?:['\-_][^\W\d_]+)*|_+[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MAX_WORDS = 900
_SHORTEST, _LONGEST = 3, 5


NOTHING_SHARED = "nothing to learn: no word and no code stands in enough of the texts; add more, or longer ones"
_FEW = 40


def words_of(signals: Signals) -> list[str]:
    """Return the lower-case words of the masked text, the parts of compound names, and pairs of neighbours."""
    found = _WORD.findall(signals.masked_text)[:_MAX_WORDS]
    words = [word.lower() for word in found]
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    parts = [part for word in found for part in _parts(word)]
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
