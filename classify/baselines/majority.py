"""Always answer the most frequent type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...core.types import Example, Prediction, TypeProbability


class Majority:
    """Give every text the same answer: each type its share among the examples, the most frequent first."""

    name = "majority"

    def __init__(self, examples: Sequence[Example]) -> None:
        counts = Counter(example.type for example in examples)
        ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        self._answer = Prediction(tuple(TypeProbability(kind, count / len(examples)) for kind, count in ordered))

    def predict(self, text: str) -> Prediction:
        """Return the base rates, whatever the text."""
        return self._answer
