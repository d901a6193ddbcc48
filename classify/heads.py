"""Fit the two logistic regressions of the default classifier, on everything and on all but held-out groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..core.errors import UsageError
from ..core.types import Signals
from .calibration import fit_temperature
from .features import NOTHING_SHARED, chars_of, least_documents, shows_features, tags_of, words_of
from .folds import split_by_group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = {"words": 1.0, "chars": 0.8, "tags": 0.4}
"""What each family of features weighs; this, the limits and the strength were chosen on held-out tools."""
_LIMITS = {"words": 20_000, "chars": 20_000, "tags": 10_000}
_ANALYSERS = {"words": words_of, "chars": chars_of, "tags": tags_of}
_STRENGTH = 20.0  # inverse of the regularisation
_TOLERANCE = 2e-3
_UNSEEN = -30.0
"""Score of a type that the texts learned from did not show."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Hold what is known of each example, one entry each."""

    types: NDArray[Any]
    weights: NDArray[np.float64]
    retryable: NDArray[Any]
    """True, False, or None where nobody said."""

    def take(self, rows: NDArray[np.intp]) -> Labels:
        """Return those of some rows."""
        return Labels(self.types[rows], self.weights[rows], self.retryable[rows])


@dataclass(frozen=True, slots=True)
class Heads:
    """Hold both fitted regressions."""

    pipeline: Any
    """scikit-learn pipeline from signals to types."""
    rerun: Any
    """Regression over the pipeline's features of whether an unchanged re-run succeeds; None where labels lack."""

    def score(self, signals: Sequence[Signals]) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        """Return the scores of the types, shape (examples, types), and of a re-run, shape (examples,) or None."""
        import numpy as np

        features = self.pipeline.named_steps["features"].transform(signals)
        scores: NDArray[np.float64] = self.pipeline.named_steps["model"].decision_function(features)
        if scores.ndim == 1:  # scikit-learn gives one column when there are two types
            scores = np.column_stack([-scores / 2, scores / 2])
        return scores, None if self.rerun is None else self.rerun.decision_function(features)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Hold scores of examples by models that saw nothing of their groups."""

    rows: NDArray[np.intp]
    classes: NDArray[Any]
    scores: NDArray[np.float64]
    """Shape (rows, classes)."""
    rerun_scores: NDArray[np.float64] | None
    """Shape (rows,)."""

    def fit_temperatures(self, labels: Labels) -> tuple[float, float]:
        """Return the temperatures of the types and of a re-run."""
        import numpy as np

        types = fit_temperature(self.scores, np.searchsorted(self.classes, labels.types[self.rows]))
        told = [i for i, row in enumerate(self.rows) if labels.retryable[row] is not None]
        if self.rerun_scores is None or not told:
            return types, 1.0
        pairs = np.column_stack([np.zeros(len(told)), self.rerun_scores[told]])
        return types, fit_temperature(pairs, labels.retryable[self.rows[told]].astype(np.intp))

    def scale(self, temperatures: tuple[float, float]) -> HeldOut:
        """Return the scores divided by their temperatures."""
        reruns = None if self.rerun_scores is None else self.rerun_scores / temperatures[1]
        return replace(self, scores=self.scores / temperatures[0], rerun_scores=reruns)

    def probabilities(self) -> NDArray[np.float64]:
        """Return the probability of each type, shape (rows, classes)."""
        import numpy as np

        exponents = np.exp(self.scores - self.scores.max(axis=1, keepdims=True))
        result: NDArray[np.float64] = exponents / exponents.sum(axis=1, keepdims=True)
        return result

    def reruns(self) -> list[float | None]:
        """Return the probability that an unchanged re-run succeeds, one per row."""
        import numpy as np

        if self.rerun_scores is None:
            return [None] * len(self.rows)
        return [float(chance) for chance in 1.0 / (1.0 + np.exp(-np.clip(self.rerun_scores, -500.0, 500.0)))]


def fit_heads(signals: Sequence[Signals], labels: Labels) -> Heads:
    """Learn both regressions.

    Raises UsageError when the examples share no feature.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    union = _build_features(signals)
    features = union.fit_transform(signals)
    model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=_TOLERANCE)
    model.fit(features, labels.types, sample_weight=labels.weights)
    return Heads(Pipeline([("features", union), ("model", model)]), _fit_rerun(features, labels))


def _build_features(signals: Sequence[Signals]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    documents = least_documents(len(signals))
    shown = [name for name, analyser in _ANALYSERS.items() if shows_features(analyser, signals, documents)]
    if not shown:
        raise UsageError(NOTHING_SHARED)
    parts = {
        name: TfidfVectorizer(
            analyzer=_ANALYSERS[name], min_df=documents, max_features=_LIMITS[name], sublinear_tf=True
        )
        for name in shown
    }
    return FeatureUnion(list(parts.items()), transformer_weights={name: WEIGHTS[name] for name in shown})


def _fit_rerun(features: Any, labels: Labels) -> Any:
    """Learn whether an unchanged re-run succeeds, from the examples that say so; None unless they show both."""
    from sklearn.linear_model import LogisticRegression

    told = [row for row, label in enumerate(labels.retryable) if label is not None]
    truth = [bool(labels.retryable[row]) for row in told]
    if len(set(truth)) < 2:
        return None
    model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=_TOLERANCE)
    return model.fit(features[told], truth, sample_weight=labels.weights[told])


def score_held_out(signals: Sequence[Signals], labels: Labels, groups: Sequence[str]) -> HeldOut | None:
    """Return scores by models that saw no text of the same group, or None with too few groups.

    Only of examples of full weight: a guessed label or a noisy copy measures nothing.
    """
    import numpy as np

    classes = np.unique(labels.types)
    rows, scores, reruns = [], [], []
    for kept, everything_held in split_by_group(groups):
        held = everything_held[labels.weights[everything_held] >= 1.0]
        if len(set(labels.types[kept])) < 2 or not len(held):
            continue
        heads = fit_heads([signals[i] for i in kept], labels.take(kept))
        found, rerun = heads.score([signals[i] for i in held])
        part = np.full((len(held), len(classes)), _UNSEEN)
        part[:, np.searchsorted(classes, heads.pipeline.classes_)] = found
        rows.append(held)
        scores.append(part)
        reruns.append(rerun)
    if not rows:
        return None
    told = [rerun for rerun in reruns if rerun is not None]
    joined = np.concatenate(told) if len(told) == len(reruns) else None
    return HeldOut(np.concatenate(rows), classes, np.concatenate(scores), joined)
