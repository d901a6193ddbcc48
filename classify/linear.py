"""The default classifier: logistic regression over words, character n-grams and signal tags."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..core.errors import ModelError
from ..core.types import Flip, Prediction, Signals
from .abstaining import Thresholds, choose_threshold, make_prediction
from .calibration import Confidence, fit_confidence
from .evidence import find_evidence, find_flip
from .heads import WEIGHTS, Heads, HeldOut, Labels, fit_heads, score_held_out
from .lean import FAMILIES, Block, LeanLinear

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PIPELINE, _LIMITS_FILE, _CONFIDENCE_FILE = "model.joblib", "thresholds.json", "confidence.json"


class LinearClassifier:
    """Classify by a multinomial logistic regression; predicts from plain arrays, without scikit-learn."""

    def __init__(self) -> None:
        self.version = ""
        self.thresholds = Thresholds()
        self.confidence = Confidence()
        self.pipeline: Any = None
        """The fitted scikit-learn pipeline; None on a loaded model."""
        self.held_out: dict[int, Prediction] = {}
        """After ``fit``: row -> its prediction by a model that saw nothing of the row's group."""
        self._lean: LeanLinear | None = None

    def fit(
        self,
        signals: Sequence[Signals],
        types: Sequence[str],
        *,
        weights: Sequence[float],
        groups: Sequence[str],
        retryable: Sequence[bool | None],
    ) -> Self:
        """Learn, then choose temperatures and threshold on predictions for held-out groups."""
        import numpy as np

        labels = Labels(np.asarray(types), np.asarray(weights, dtype=np.float64), np.asarray(retryable, dtype=object))
        held_out = score_held_out(signals, labels, groups)
        temperatures = (1.0, 1.0)
        if held_out is not None:
            temperatures = held_out.fit_temperatures(labels)
            self._choose_threshold(held_out.scale(temperatures), labels, signals)
        heads = fit_heads(signals, labels)
        self.pipeline = heads.pipeline
        self._lean = _export(heads, temperatures)
        return self

    def _choose_threshold(self, held_out: HeldOut, labels: Labels, signals: Sequence[Signals]) -> None:
        """Correct the confidence and choose the threshold on scaled scores, and keep the predictions."""
        probabilities, reruns = held_out.probabilities(), held_out.reruns()
        correct = (held_out.classes[probabilities.argmax(axis=1)] == labels.types[held_out.rows]).tolist()
        self.confidence = fit_confidence(probabilities.max(axis=1).tolist(), correct)
        names = [str(name) for name in held_out.classes]
        rankings = [self.confidence.apply(_rank(names, found)) for found in probabilities.tolist()]
        self.thresholds = Thresholds(choose_threshold([ranked[0][1] for ranked in rankings], correct))
        for row, ranked, rerun in zip(held_out.rows.tolist(), rankings, reruns, strict=True):
            self.held_out[row] = make_prediction(
                ranked, signals[row], known_share=1.0, thresholds=self.thresholds, retryable=rerun
            )

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
        reading = lean.read(signals)
        scores = lean.score(reading)
        ranked = self.confidence.apply(_rank(lean.types, lean.probabilities(scores).tolist()))
        return make_prediction(
            ranked,
            signals,
            known_share=reading.known_share,
            thresholds=self.thresholds,
            evidence=find_evidence(lean, signals, reading, ranked[0][0]),
            version=self.version,
            retryable=lean.retryable(scores),
        )

    def find_flip(self, signals: Signals) -> Flip | None:
        """Return the lines without which the type would be another; None when no few lines decide it."""
        return find_flip(self.lean, signals)

    def save(self, folder: Path) -> None:
        """Write the pipeline (joblib), the lean export and the thresholds."""
        self.lean.save(folder)
        for name, value in ((_LIMITS_FILE, self.thresholds), (_CONFIDENCE_FILE, self.confidence)):
            (folder / name).write_text(json.dumps(asdict(value), indent=2) + "\n", encoding="utf-8")
        if self.pipeline is not None:
            import joblib

            joblib.dump(self.pipeline, folder / _PIPELINE, compress=3)

    @classmethod
    def load(cls, folder: Path, *, trusted: Collection[str] = ()) -> Self:
        """Read the lean export; the pickled pipeline beside it is never touched."""
        model = cls()
        model._lean = LeanLinear.load(folder)
        model.thresholds = Thresholds(**_read_numbers(folder / _LIMITS_FILE, Thresholds))
        model.confidence = Confidence(**_read_numbers(folder / _CONFIDENCE_FILE, Confidence))
        return model


def _read_numbers(path: Path, kind: type) -> dict[str, float]:
    """Return the numbers of a file by the names of a dataclass' fields; raises ModelError for anything else."""
    names = {field.name for field in fields(kind)}
    try:
        numbers = {name: float(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: damaged or missing ({error}); train the model again") from error
    if numbers.keys() - names or not all(math.isfinite(number) for number in numbers.values()):
        raise ModelError(f"{path}: damaged ({sorted(numbers)} are not {sorted(names)}); train the model again")
    return numbers


def _rank(types: Sequence[str], probabilities: Sequence[float]) -> list[tuple[str, float]]:
    return sorted(zip(types, probabilities, strict=True), key=lambda pair: (-pair[1], pair[0]))


def _export(heads: Heads, temperatures: tuple[float, float]) -> LeanLinear:
    """Copy the numbers out; scale and round them in the pipeline too, so that both predict the same."""
    import numpy as np

    model = heads.pipeline.named_steps["model"]
    model.coef_ = (model.coef_ / temperatures[0]).astype(np.float16).astype(np.float64)
    model.intercept_ = (model.intercept_ / temperatures[0]).astype(np.float32).astype(np.float64)
    coefficients, intercept = model.coef_, model.intercept_
    if len(coefficients) == 1:  # two types share one row
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercept = np.concatenate([-intercept / 2, intercept / 2])
    if heads.rerun is not None:
        coefficients = np.vstack([coefficients, heads.rerun.coef_ / temperatures[1]])
        intercept = np.concatenate([intercept, heads.rerun.intercept_ / temperatures[1]])
    # What is saved is rounded so: the model in memory shall be the one that is loaded.
    coefficients = coefficients.astype(np.float16).astype(np.float64)
    intercept = intercept.astype(np.float32).astype(np.float64)
    types = tuple(str(kind) for kind in model.classes_)
    return LeanLinear(types, _export_blocks(heads.pipeline, coefficients), intercept)


def _export_blocks(pipeline: Any, coefficients: NDArray[np.float64]) -> dict[str, Block]:
    import numpy as np

    nothing = Block({}, np.zeros(0), np.zeros((0, len(coefficients))), 0.0)
    blocks, start = dict.fromkeys(FAMILIES, nothing), 0
    for name, vectorizer in pipeline.named_steps["features"].transformer_list:
        vectorizer.idf_ = vectorizer.idf_.astype(np.float32).astype(np.float64)
        size = len(vectorizer.vocabulary_)
        vocabulary = {str(feature): int(column) for feature, column in vectorizer.vocabulary_.items()}
        columns = coefficients[:, start : start + size]
        blocks[name] = Block(vocabulary, vectorizer.idf_, np.ascontiguousarray(columns.T), WEIGHTS[name])
        start += size
    return blocks
