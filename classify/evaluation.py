"""Measure a classifier on labelled texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..core.types import UNKNOWN, Prediction
from .brier import measure_brier_skill
from .classifier import Classifier
from .coverage import measure_coverage
from .folds import split_by_group
from .noise import SOURCE as NOISE
from .training import Prepared, train_classifier


@dataclass(frozen=True, slots=True)
class TypeScore:
    """Hold precision, recall and F1 of one type, each 0 to 1."""

    type: str
    examples: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Count how often one type was answered where another was right."""

    truth: str
    answer: str
    examples: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Hold what a classifier reached on labelled texts; all rates 0 to 1, the Brier skill at most 1."""

    examples: int
    accuracy: float
    macro_f1: float
    brier_skill: float
    """``brier.measure_brier_skill``: 0 is no better than the base rates of these examples."""
    calibration_error: float
    coverage_at_2: float
    """``coverage.measure_coverage``: share that can be answered with at most 2 % of the answers wrong."""
    coverage_at_5: float
    """Likewise with at most 5 %."""
    answered: float
    """Share of examples on which it did not abstain."""
    accuracy_when_answered: float
    types: tuple[TypeScore, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return all figures, rounded to 4 digits, JSON-ready."""
        data = asdict(self)
        data["types"] = [{key: _rounded(value) for key, value in score.items()} for score in data["types"]]
        return {key: _rounded(value) for key, value in data.items()}


def evaluate_held_out(prepared: Prepared, *, name: str, trained: Classifier) -> Evaluation | None:
    """Train on some tools and test on the others, in turn; None when there are too few groups for that.

    Every example is predicted once, by a model that saw no text of its group. A classifier that kept such predictions
    from its own training (``held_out``: row -> prediction) is not trained again.
    """
    found: Mapping[int, Prediction] = getattr(trained, "held_out", None) or _predict_held_out(prepared, name)
    # A weak label comes from codes that the model reads too, and one that re-runs bear out from a model's decision: it
    # would praise itself. A noisy copy is no text more.
    rows = sorted(row for row in found if prepared.examples[row].source not in ("outcome", "weak", NOISE))
    return score_predictions([prepared.examples[i].type for i in rows], [found[i] for i in rows]) if rows else None


def _predict_held_out(prepared: Prepared, name: str) -> dict[int, Prediction]:
    found: dict[int, Prediction] = {}
    for kept, held in split_by_group(prepared.groups):
        part = prepared.take(kept.tolist())
        if len({example.type for example in part.examples}) > 1:
            classifier = train_classifier(part, name=name)
            found |= zip(held.tolist(), classifier.predict_many([prepared.signals[i] for i in held]), strict=True)
    return found


def score_predictions(truths: Sequence[str], predictions: Sequence[Prediction]) -> Evaluation:
    """Compare predictions with the right types, one for one; there must be at least one."""
    import numpy as np

    from .calibration import expected_calibration_error

    right = [truth == prediction.type for truth, prediction in zip(truths, predictions, strict=True)]
    sure = [good for good, p in zip(right, predictions, strict=True) if p.abstained is None and p.type != UNKNOWN]
    scores = _score_types(truths, [prediction.type for prediction in predictions])
    confidences = [prediction.confidence for prediction in predictions]
    return Evaluation(
        examples=len(truths),
        accuracy=sum(right) / len(right),
        macro_f1=sum(score.f1 for score in scores) / len(scores),
        brier_skill=measure_brier_skill(truths, predictions),
        calibration_error=expected_calibration_error(np.asarray(confidences), np.asarray(right)),
        coverage_at_2=measure_coverage(confidences, right, error=0.02),
        coverage_at_5=measure_coverage(confidences, right, error=0.05),
        answered=len(sure) / len(right),
        accuracy_when_answered=sum(sure) / len(sure) if sure else 0.0,
        types=scores,
    )


def count_confusions(truths: Sequence[str], guesses: Sequence[str], *, most: int = 10) -> list[Confusion]:
    """Return the ``most`` frequent pairs of a truth and a wrong answer, most frequent first, equals by name."""
    wrong = Counter(pair for pair in zip(truths, guesses, strict=True) if pair[0] != pair[1])
    ordered = sorted(wrong.items(), key=lambda entry: (-entry[1], entry[0]))
    return [Confusion(truth, answer, examples) for (truth, answer), examples in ordered[:most]]


def _score_types(truths: Sequence[str], guesses: Sequence[str]) -> tuple[TypeScore, ...]:
    hits = Counter(truth for truth, guess in zip(truths, guesses, strict=True) if truth == guess)
    actual, guessed = Counter(truths), Counter(guesses)
    scores = []
    for kind in sorted(actual):
        precision = hits[kind] / guessed[kind] if guessed[kind] else 0.0
        recall = hits[kind] / actual[kind]
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        scores.append(TypeScore(kind, actual[kind], precision, recall, f1))
    return tuple(scores)


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
