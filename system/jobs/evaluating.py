"""Measure the model in use on labelled failures, beside simple baselines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from ...classify.baselines import build_baselines
from ...classify.bundled import load_bundled
from ...classify.evaluation import count_confusions, score_predictions
from ...classify.overlap import count_repeated
from ...core.failure import failure_from_text
from ...core.taxonomy import Taxonomy
from ...core.types import Example, Prediction, TypeProbability
from ..pipeline import Answer, answer_failure
from ..taxonomy_file import load_taxonomy
from ..wiring import Parts
from .labelled_rows import LabelledFile, LabelledRows, read_labelled

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total)."""
Clock = Callable[[], float]
"""Returns seconds."""

OURS = "errclass"
REPEATED_LIMIT = 0.01
"""Share of texts that may stand in the training texts before the figures flatter."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timed:
    """Hold the answers of one system to all texts, and how long it took."""

    name: str
    predictions: Sequence[Prediction]
    seconds: float

    def score(self, types: Sequence[str]) -> dict[str, Any]:
        """Return its figures, JSON-ready; ``microseconds`` is the mean per text, one text at a time."""
        figures = score_predictions(types, self.predictions).to_dict()
        return {"name": self.name, "microseconds": round(1e6 * self.seconds / len(types), 1), **figures}


def evaluate_model(
    file: LabelledFile,
    parts: Parts,
    *,
    baselines: bool = False,
    progress: Progress | None = None,
    clock: Clock = time.perf_counter,
) -> dict[str, Any]:
    """Return the figures of the model with its rules, and of the baselines if wanted, JSON-ready.

    Ours are those of the decision, as users get it for the text alone: without context, and without what the store
    remembers. Raises UsageError when there is nothing to measure on.
    """
    step = progress or (lambda name, done, total: None)
    step("reading", 0, 0)
    rows = read_labelled(file, parts.model.taxonomy)
    bundled = load_bundled(load_taxonomy())
    alone = replace(parts, store=None)
    answers, seconds = _ask_all(
        rows.texts, lambda text: answer_failure(failure_from_text(text), alone), OURS, step, clock
    )
    timed = [Timed(OURS, [_to_prediction(answer) for answer in answers], seconds)]
    if baselines:
        timed += _time_baselines(rows.texts, bundled, step, clock)
    return {
        "model": parts.model.version,
        **_describe_rows(file.path, rows, bundled, parts.model.taxonomy),
        "results": [one.score(rows.types) for one in timed],
        "confusions": [asdict(one) for one in count_confusions(rows.types, [p.type for p in timed[0].predictions])],
        "retry": _judge_retries(rows, answers),
    }


def _describe_rows(path: Path, rows: LabelledRows, bundled: Sequence[Example], taxonomy: Taxonomy) -> dict[str, Any]:
    repeated = count_repeated(rows.texts, (example.text for example in bundled))
    return {
        "path": str(path),
        "examples": len(rows.texts),
        "skipped": rows.skipped.describe(),
        "foreign_labels": [
            {"label": label, "rows": count, "nearest": taxonomy.nearest(label)}
            for label, count in rows.foreign.most_common()
        ],
        "repeated": repeated,
        "flattering": repeated > REPEATED_LIMIT * len(rows.texts),
    }


def _time_baselines(texts: Sequence[str], bundled: Sequence[Example], step: Progress, clock: Clock) -> list[Timed]:
    step("training the baselines", 0, 0)
    return [
        Timed(baseline.name, *_ask_all(texts, baseline.predict, baseline.name, step, clock))
        for baseline in build_baselines(bundled)
    ]


def _ask_all(
    texts: Sequence[str], ask: Callable[[str], T], name: str, step: Progress, clock: Clock
) -> tuple[list[T], float]:
    """Return the answers to all texts, asked one at a time, and the seconds spent on them."""
    ask("warming up")  # loads what is loaded at the first use
    answers: list[T] = []
    seconds = 0.0
    for done, text in enumerate(texts, 1):
        start = clock()
        answers.append(ask(text))
        seconds += clock() - start
        step(name, done, len(texts))
    return answers, seconds


def _to_prediction(answer: Answer) -> Prediction:
    """Return a decision as a prediction: its type with its confidence, the model's other types share what is left."""
    decision = answer.decision
    others = [entry for entry in answer.prediction.ranked if entry.type != decision.type]
    total = sum(entry.probability for entry in others)
    scale = (1.0 - decision.confidence) / total if total else 0.0
    rest = (TypeProbability(entry.type, entry.probability * scale) for entry in others)
    return Prediction((TypeProbability(decision.type, decision.confidence), *rest), decision.abstained)


def _judge_retries(rows: LabelledRows, answers: Sequence[Answer]) -> dict[str, Any] | None:
    """Compare whether an unchanged re-run helps, over the rows that say; None when none does."""
    pairs = [
        (truth, answer.decision.retryable)
        for truth, answer in zip(rows.retryables, answers, strict=True)
        if truth is not None
    ]
    if not pairs:
        return None
    right = sum(truth == guess for truth, guess in pairs)
    wrong = sum(guess and not truth for truth, guess in pairs)
    return {
        "examples": len(pairs),
        "right": round(right / len(pairs), 4),
        "wrongly_retried": round(wrong / len(pairs), 4),
    }
