"""The usual first attempt: TF-IDF with a logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.types import Example, Prediction, TypeProbability


class PlainTfidf:
    """Weigh words and pairs of words as scikit-learn does by default, and put a logistic regression on them.

    It reads whole texts as they are, without our signals, masks and regions.
    """

    name = "TF-IDF + logistic regression"

    def __init__(self, examples: Sequence[Example]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        self._pipeline: Any = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
        self._pipeline.fit([example.text for example in examples], [example.type for example in examples])

    def predict(self, text: str) -> Prediction:
        """Return the types with the probabilities that the regression gives them."""
        probabilities = self._pipeline.predict_proba([text])[0]
        ordered = sorted(zip(self._pipeline.classes_, probabilities, strict=True), key=lambda entry: -entry[1])
        return Prediction(tuple(TypeProbability(str(kind), float(probability)) for kind, probability in ordered))
