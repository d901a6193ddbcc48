"""A second classifier: naive Bayes over words and tags. Trains in a blink; a check on the first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Self

from ..core.errors import ModelError, UsageError
from ..core.types import Prediction, Signals
from .abstaining import Thresholds, make_prediction
from .artefact import load_joblib
from .features import NOTHING_SHARED, least_documents, shows_features, tags_of, words_of

_FILE = "bayes.joblib"
_SMOOTHING = 0.1
_SHARPNESS = 0.15
"""Exponent on the likelihood: naive Bayes counts dependent words as independent and is far too sure of itself."""


def _features(signals: Signals) -> list[str]:
    return [*set(words_of(signals)), *(f"tag {tag}" for tag in tags_of(signals))]


class BayesClassifier:
    """Classify by a multinomial naive Bayes model."""

    def __init__(self) -> None:
        self.version = ""
        self._pipeline: Any = None

    def fit(
        self,
        signals: Sequence[Signals],
        types: Sequence[str],
        *,
        weights: Sequence[float],
        groups: Sequence[str],
        retryable: Sequence[bool | None],
    ) -> Self:
        """Learn types only; ``groups`` are not needed, for nothing is chosen on held-out data."""
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.naive_bayes import MultinomialNB
        from sklearn.pipeline import Pipeline

        documents = least_documents(len(signals))
        if not shows_features(_features, signals, documents):
            raise UsageError(NOTHING_SHARED)
        steps = [
            ("features", CountVectorizer(analyzer=_features, min_df=documents)),
            ("model", MultinomialNB(alpha=_SMOOTHING, fit_prior=False)),
        ]
        self._pipeline = Pipeline(steps).fit(signals, types, model__sample_weight=weights)
        return self

    def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
        """Return one prediction per example."""
        if self._pipeline is None:
            raise ModelError("this classifier has not been trained; call fit() or load() first")
        return [self._predict(one) for one in signals]

    def _predict(self, signals: Signals) -> Prediction:
        import numpy as np

        likelihood = _SHARPNESS * self._pipeline.predict_log_proba([signals])[0]
        probabilities = np.exp(likelihood - likelihood.max())
        probabilities /= probabilities.sum()
        ranked = sorted(
            zip(map(str, self._pipeline.classes_), probabilities.tolist(), strict=True),
            key=lambda pair: (-pair[1], pair[0]),
        )
        vocabulary = self._pipeline.named_steps["features"].vocabulary_
        words = set(words_of(signals))
        known = len(words & vocabulary.keys()) / len(words) if words else 0.0
        return make_prediction(ranked, signals, known_share=known, thresholds=Thresholds(), version=self.version)

    def save(self, folder: Path) -> None:
        """Write the pipeline with joblib."""
        import joblib

        joblib.dump(self._pipeline, folder / _FILE, compress=3)

    @classmethod
    def load(cls, folder: Path, *, trusted: Collection[str] = ()) -> Self:
        """Unpickle the pipeline, if its hash is trusted."""
        model = cls()
        model._pipeline = load_joblib(folder / _FILE, trusted=trusted)
        return model
