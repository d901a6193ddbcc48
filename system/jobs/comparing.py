"""Compare a challenger with a champion on texts that neither of them learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...classify.artefact import Model
from ...classify.bundled import SOURCES, load_bundled
from ...classify.classifier import Classifier
from ...classify.comparison import Comparison, compare_predictions
from ...classify.evaluation import score_predictions
from ...classify.memory import Memory, name_text, read_memory
from ...core.types import Prediction
from ..promotion_gate import Verdict, judge_comparison
from ..settings import PromotionSettings
from ..taxonomy_file import load_taxonomy
from .judged_texts import JudgedText, JudgedTexts


@dataclass(frozen=True, slots=True)
class Contender:
    """Hold a classifier with what it learned."""

    version: str
    classifier: Classifier
    memory: Memory
    knows_bundled: bool
    """Whether it learned the texts that come with errclass."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold the comparison of two models and the gate's verdict on it."""

    challenger: str
    champion: str | None
    """Versions; None where there is no model to compare with."""
    judged: JudgedTexts
    left_out: int
    """Texts that one of the two learned, and that its recipe did not answer before."""
    comparison: Comparison | None
    verdict: Verdict
    alone: Mapping[str, Any] | None = None
    """Figures of the challenger where there is no champion."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything, JSON-ready."""
        return {
            "challenger": self.challenger,
            "champion": self.champion,
            "on": self.judged.origin,
            "from": self.judged.first.isoformat() if self.judged.first else None,
            "to": self.judged.last.isoformat() if self.judged.last else None,
            "texts": len(self.judged.texts) - self.left_out,
            "left_out": self.left_out,
            "comparison": self.comparison.to_dict() if self.comparison else None,
            "alone": self.alone,
            **self.verdict.to_dict(),
        }


def meet_model(model: Model) -> Contender:
    """Return a loaded model as a contender; raise ModelError when its memory is damaged."""
    training = model.manifest.get("training")
    sources = training.get("by_source") if isinstance(training, dict) else None
    return Contender(model.version, model.classifier, read_memory(model.folder), knows_bundled(sources or {}))


def knows_bundled(by_source: Mapping[str, int]) -> bool:
    """Tell from its counts whether a training took in the texts that come with errclass."""
    return any(by_source.get(source) for source in SOURCES)


def judge_contenders(
    challenger: Contender, champion: Contender | None, judged: JudgedTexts, limits: PromotionSettings
) -> Judgement:
    """Compare the types that both models name, and pass the gate's verdict.

    The models are compared, not the decisions: what the rules make of a type is the same for both. A text that a model
    learned is answered by what the model's recipe said of it before, and left out where that is not known.
    """
    rivals = [challenger] if champion is None else [challenger, champion]
    bundled = _list_bundled(rivals)
    answers = [_answer(rival, judged.texts) for rival in rivals]
    rows = [
        row
        for row, text in enumerate(judged.texts)
        if text.keys.wording not in bundled and all(found[row] for found in answers)
    ]
    truths, left_out = [judged.texts[row].type for row in rows], len(judged.texts) - len(rows)
    told = [[answer for row in rows if (answer := found[row])] for found in answers]
    if champion is None:
        alone = score_predictions(truths, told[0]).to_dict() if rows else None
        verdict = Verdict(None, ("there is no model in use to compare with",))
        return Judgement(challenger.version, None, judged, left_out, None, verdict, alone)
    comparison = compare_predictions(truths, told[1], told[0]) if rows else None
    verdict = judge_comparison(comparison, limits)
    return Judgement(challenger.version, champion.version, judged, left_out, comparison, verdict)


def _list_bundled(contenders: Sequence[Contender]) -> frozenset[str]:
    """Return the wordings of the bundled texts where a contender learned them."""
    if not any(contender.knows_bundled for contender in contenders):
        return frozenset()
    return frozenset(name_text(example.text, None).wording for example in load_bundled(load_taxonomy()))


def _answer(contender: Contender, texts: Sequence[JudgedText]) -> list[Prediction | None]:
    """Return one answer per text; None for a text that the contender could only answer from memory."""
    answers = [contender.memory.foretold.get(text.keys.cause) for text in texts]
    unseen = [row for row, text in enumerate(texts) if not contender.memory.knows(text.keys)]
    fresh = contender.classifier.predict_many([texts[row].signals for row in unseen])
    for row, answer in zip(unseen, fresh, strict=True):
        answers[row] = answer
    return answers
