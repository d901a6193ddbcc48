"""The default classifier: logistic regression over words, character n-grams and signal tags."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..core.errors import ModelError, UsageError
from ..core.types import Prediction, Region, Signals
from .abstaining import Thresholds, choose_threshold, make_prediction
from .calibration import fit_temperature
from .features import NOTHING_SHARED, chars_of, least_documents, shows_features, tags_of, words_of
from .folds import split_by_group
from .lean import Block, LeanLinear
from .masks import mask_variables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WEIGHTS = {"words": 1.0, "chars": 0.8, "tags": 0.4}
_LIMITS = {"words": 20_000, "chars": 20_000, "tags": 10_000}
_ANALYSERS = {"words": words_of, "chars": chars_of, "tags": tags_of}
_STRENGTH = 20.0  # inverse of the regularisation, chosen on held-out tools
_MAX_EVIDENCE = 3
_PIPELINE, _LIMITS_FILE = "model.joblib", "thresholds.json"


class LinearClassifier:
    """Classify by a multinomial logistic regression; predicts from plain arrays, without scikit-learn."""

    def __init__(self) -> None:
        self.version = ""
        self.thresholds = Thresholds()
        self.pipeline: Any = None
        """The fitted scikit-learn pipeline; None on a loaded model."""
        self.held_out: dict[int, Prediction] = {}
        """After ``fit``: row -> its prediction by a model that saw nothing of the row's group."""
        self._lean: LeanLinear | None = None

    def fit(
        self, signals: Sequence[Signals], types: Sequence[str], *, weights: Sequence[float], groups: Sequence[str]
    ) -> Self:
        """Learn, then choose temperature and threshold on predictions for held-out groups."""
        import numpy as np

        labels, sample_weights = np.asarray(types), np.asarray(weights, dtype=np.float64)
        classes = np.unique(labels)
        held_out = _held_out_scores(signals, labels, sample_weights, groups, classes)
        temperature = 1.0
        if held_out is not None:
            rows, scores = held_out
            truth = np.searchsorted(classes, labels[rows])
            temperature = fit_temperature(scores, truth)
            probabilities = _softmax(scores / temperature)
            correct = probabilities.argmax(axis=1) == truth
            self.thresholds = Thresholds(choose_threshold(probabilities.max(axis=1).tolist(), correct.tolist()))
            self._keep_held_out(rows, probabilities, classes, signals)
        self.pipeline = _fit_pipeline(signals, labels, sample_weights)
        self._lean = _export(self.pipeline, temperature)
        return self

    def _keep_held_out(
        self,
        rows: NDArray[np.intp],
        probabilities: NDArray[np.float64],
        classes: NDArray[Any],
        signals: Sequence[Signals],
    ) -> None:
        names = [str(name) for name in classes]
        for row, found in zip(rows.tolist(), probabilities.tolist(), strict=True):
            ranked = _rank(names, found)
            self.held_out[row] = make_prediction(ranked, signals[row], known_share=1.0, thresholds=self.thresholds)

    @property
    def lean(self) -> LeanLinear:
        """The model as plain arrays.

        Raises ModelError before ``fit`` or ``load``.
        """
        if self._lean is None:
            raise ModelError("this classifier has not been trained; call fit() or load() first")
        return self._lean

    def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
        """Return one prediction per example."""
        return [self._predict(one) for one in signals]

    def _predict(self, signals: Signals) -> Prediction:
        lean = self.lean
        probabilities = lean.probabilities(signals)
        ranked = _rank(lean.types, probabilities.tolist())
        return make_prediction(
            ranked,
            signals,
            known_share=lean.known_share(signals),
            thresholds=self.thresholds,
            evidence=_find_evidence(lean, signals, ranked[0][0]),
            version=self.version,
        )

    def save(self, folder: Path) -> None:
        """Write the pipeline (joblib), the lean export and the thresholds."""
        self.lean.save(folder)
        (folder / _LIMITS_FILE).write_text(json.dumps(asdict(self.thresholds), indent=2) + "\n", encoding="utf-8")
        if self.pipeline is not None:
            import joblib

            joblib.dump(self.pipeline, folder / _PIPELINE, compress=3)

    @classmethod
    def load(cls, folder: Path, *, trusted: Collection[str] = ()) -> Self:
        """Read the lean export; the pickled pipeline beside it is never touched."""
        model = cls()
        model._lean = LeanLinear.load(folder)
        try:
            limits = json.loads((folder / _LIMITS_FILE).read_text(encoding="utf-8"))
            model.thresholds = Thresholds(**{name: float(value) for name, value in limits.items()})
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ModelError(f"{folder / _LIMITS_FILE}: damaged or missing ({error}); train the model again") from error
        return model


def _fit_pipeline(signals: Sequence[Signals], labels: NDArray[Any], weights: NDArray[np.float64]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion, Pipeline

    documents = least_documents(len(signals))
    shown = [name for name, analyser in _ANALYSERS.items() if shows_features(analyser, signals, documents)]
    if not shown:
        raise UsageError(NOTHING_SHARED)
    union = FeatureUnion(
        [
            (
                name,
                TfidfVectorizer(
                    analyzer=_ANALYSERS[name], min_df=documents, max_features=_LIMITS[name], sublinear_tf=True
                ),
            )
            for name in shown
        ],
        transformer_weights={name: _WEIGHTS[name] for name in shown},
    )
    model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=2e-3, class_weight="balanced")
    return Pipeline([("features", union), ("model", model)]).fit(signals, labels, model__sample_weight=weights)


def _held_out_scores(
    signals: Sequence[Signals],
    labels: NDArray[Any],
    weights: NDArray[np.float64],
    groups: Sequence[str],
    classes: NDArray[Any],
) -> tuple[NDArray[np.intp], NDArray[np.float64]] | None:
    """Return (rows, their scores by models that saw no text of the same group), or None with too few groups."""
    import numpy as np

    rows, scores = [], []
    for kept, held in split_by_group(groups):
        if len(set(labels[kept])) < 2:
            continue
        pipeline = _fit_pipeline([signals[i] for i in kept], labels[kept], weights[kept])
        part = np.full((len(held), len(classes)), -30.0)
        found = _scores(pipeline, [signals[i] for i in held])
        part[:, np.searchsorted(classes, pipeline.classes_)] = found
        rows.append(held)
        scores.append(part)
    return (np.concatenate(rows), np.concatenate(scores)) if rows else None


def _scores(pipeline: Any, signals: Sequence[Signals]) -> NDArray[np.float64]:
    """Return scores of shape (examples, types); scikit-learn gives one column only when there are two types."""
    import numpy as np

    scores: NDArray[np.float64] = pipeline.decision_function(signals)
    return np.column_stack([-scores / 2, scores / 2]) if scores.ndim == 1 else scores


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = exponents / exponents.sum(axis=1, keepdims=True)
    return result


def _rank(types: Sequence[str], probabilities: Sequence[float]) -> list[tuple[str, float]]:
    return sorted(zip(types, probabilities, strict=True), key=lambda pair: (-pair[1], pair[0]))


def _export(pipeline: Any, temperature: float) -> LeanLinear:
    """Copy the pipeline's numbers out; scale and round them in the pipeline too, so that both predict the same."""
    import numpy as np

    model = pipeline.named_steps["model"]
    model.coef_ = (model.coef_ / temperature).astype(np.float16).astype(np.float64)
    model.intercept_ = (model.intercept_ / temperature).astype(np.float32).astype(np.float64)
    coefficients, intercept = model.coef_, model.intercept_
    if len(coefficients) == 1:  # two types share one row
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercept = np.concatenate([-intercept / 2, intercept / 2])
    nothing = Block({}, np.zeros(0), np.zeros((0, len(model.classes_))), 0.0)
    blocks, start = dict.fromkeys(_ANALYSERS, nothing), 0
    for name, vectorizer in pipeline.named_steps["features"].transformer_list:
        vectorizer.idf_ = vectorizer.idf_.astype(np.float32).astype(np.float64)
        size = len(vectorizer.vocabulary_)
        vocabulary = {str(feature): int(column) for feature, column in vectorizer.vocabulary_.items()}
        columns = coefficients[:, start : start + size]
        blocks[name] = Block(vocabulary, vectorizer.idf_, np.ascontiguousarray(columns.T), _WEIGHTS[name])
        start += size
    return LeanLinear(tuple(str(kind) for kind in model.classes_), blocks, intercept)


def _find_evidence(lean: LeanLinear, signals: Signals, kind: str) -> tuple[str, ...]:
    """Return the lines of the region that speak most for the type; lines that the model did not read are none."""
    read = set(signals.masked_text.split("\n"))
    lines = [line for line in dict.fromkeys(signals.region.text.split("\n")) if mask_variables(line) in read]
    lines = [line for line in lines if line.strip()]
    if len(lines) == 1:
        return (lines[0],)
    supports = [(lean.support(_as_signals(signals, line), kind), line) for line in lines]
    best = sorted((pair for pair in supports if pair[0] > 0), key=lambda pair: -pair[0])
    return tuple(line for _, line in best[:_MAX_EVIDENCE])


def _as_signals(signals: Signals, line: str) -> Signals:
    return replace(signals, region=Region(line, 0, 0), masked_text=mask_variables(line), codes=(), tags=())
