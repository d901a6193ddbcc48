"""Decide when a prediction should not be acted on alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.types import UNKNOWN, Abstention, Prediction, Signals, TypeProbability

STATED_ERROR = 0.05
"""Share of wrong answers that is accepted among those given; the threshold is chosen for it on held-out tools."""
FORCED_UNKNOWN = ("empty", "no_log", "no_match")
_MIN_ANSWERED = 30


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hold the limits below which a prediction abstains."""

    confidence: float = 0.5
    """Least probability of the first type; chosen by ``choose_threshold``."""
    known_share: float = 0.05
    """Least share of a text's words that the model has seen."""


def choose_threshold(confidences: Sequence[float], correct: Sequence[bool], *, error: float = STATED_ERROR) -> float:
    """Return the least confidence at which answers on held-out examples are wrong no more often than ``error``.

    Falls back to the highest confidence seen where no threshold reaches it.
    """
    ordered = sorted(zip(confidences, correct, strict=True), reverse=True)
    threshold = ordered[0][0] if ordered else 1.0
    wrong = 0
    for answered, (confidence, good) in enumerate(ordered, 1):
        wrong += not good
        tied = answered < len(ordered) and ordered[answered][0] == confidence
        if not tied and answered >= _MIN_ANSWERED and wrong <= error * answered:
            threshold = confidence
    return threshold


def make_prediction(
    ranked: Sequence[tuple[str, float]],
    signals: Signals,
    *,
    known_share: float,
    thresholds: Thresholds,
    evidence: tuple[str, ...] = (),
    version: str = "",
    retryable: float | None = None,
) -> Prediction:
    """Build the prediction from (type, probability) pairs, best first, and say whether it abstains and why.

    ``retryable`` is passed on, but for a text that says nothing.
    """
    if signals.gap in FORCED_UNKNOWN:
        return _forced_unknown(ranked, signals.gap, version)
    return Prediction(
        ranked=tuple(TypeProbability(name, float(probability)) for name, probability in ranked),
        abstained=_reason(ranked[0], signals, known_share, thresholds),
        evidence=evidence,
        model_version=version,
        retryable=retryable,
    )


def _forced_unknown(ranked: Sequence[tuple[str, float]], gap: Abstention | None, version: str) -> Prediction:
    """Put ``unknown`` first, with whatever the model gave it or its runner-up, whichever is more."""
    others = [(name, probability) for name, probability in ranked if name != UNKNOWN]
    given = next((probability for name, probability in ranked if name == UNKNOWN), 0.0)
    first = max(given, *(probability for _, probability in others)) if others else 1.0
    rest = sum(probability for _, probability in others)
    scale = (1.0 - first) / rest if rest else 0.0
    return Prediction(
        ranked=(
            TypeProbability(UNKNOWN, float(first)),
            *(TypeProbability(name, float(probability * scale)) for name, probability in others),
        ),
        abstained=gap,
        model_version=version,
    )


def _reason(
    first: tuple[str, float], signals: Signals, known_share: float, thresholds: Thresholds
) -> Abstention | None:
    name, confidence = first
    if signals.gap is not None:
        return signals.gap
    if name == UNKNOWN:
        return "no_match"
    if confidence >= thresholds.confidence:
        return None
    return "novel" if known_share < thresholds.known_share else "low_margin"
