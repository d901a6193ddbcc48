"""Say from the figures of two windows whether it is time to train again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BEFORE, TRAINING = "the time before", "the training set"
"""What a window is compared with."""
YES, NO, UNKNOWABLE = "yes", "no", "not enough data"


@dataclass(frozen=True, slots=True)
class DriftLimits:
    """Hold from where on something counts as a reason to train again; shares are 0 to 1."""

    minimum_outcomes: int = 50
    """Fewest outcomes of a window, or decisions in it, that can be compared."""
    minimum_judged: int = 30
    """Fewest labelled causes that say how right the answers are."""
    unseen: float = 0.3
    """Share of the outcomes whose fingerprint was never seen before ..."""
    unseen_rise: float = 0.1
    """... and what it must have risen by."""
    shift: float = 0.15
    """Share of the causes that are of another type than before (total variation distance) ..."""
    shift_p_value: float = 0.01
    """... and how improbable that must be by chance (permutation test)."""
    confidence_fall: float = 0.1
    """What the mean confidence must have fallen by."""
    abstention_rise: float = 0.1
    """What the share of answers in doubt must have risen by."""
    calibration_error: float = 0.1
    """Mean gap between confidence and accuracy on labelled causes."""
    accuracy_fall: float = 0.05
    """What the accuracy on labelled causes must have fallen by."""


def judge_drift(figures: Mapping[str, Any], limits: DriftLimits) -> tuple[str, list[str]]:
    """Return ``yes``, ``no`` or ``not enough data``, and the reasons, a sentence each.

    One reason is enough for yes. A mix of types is compared with the time before only: texts that come with errclass
    are not as frequent as failures are.
    """
    recent = figures["outcomes"]["recent"]
    if recent < limits.minimum_outcomes:
        return UNKNOWABLE, [f"{recent} outcomes in the window are too few; it takes {limits.minimum_outcomes}"]
    checks = (_judge_unseen, _judge_types, _judge_answers, _judge_labelled)
    reasons = [reason for check in checks for reason in check(figures, limits)]
    if reasons:
        return YES, reasons
    if not _is_comparable(figures, limits):
        return UNKNOWABLE, [
            "there is no time before the window to compare with, and too few of its causes are labelled"
        ]
    return NO, ["nothing has moved beyond the limits"]


def _is_comparable(figures: Mapping[str, Any], limits: DriftLimits) -> bool:
    labelled = figures["labelled"]["recent"]["cases"] >= limits.minimum_judged
    return figures["reference"] == BEFORE or figures["unseen"]["before"] is not None or labelled


def _judge_unseen(figures: Mapping[str, Any], limits: DriftLimits) -> Iterator[str]:
    recent, before = figures["unseen"]["recent"], figures["unseen"]["before"]
    if recent is None or before is None:
        return
    if recent >= limits.unseen and _reaches(recent - before, limits.unseen_rise):
        yield f"{_percent(recent)} of the outcomes were never seen before, and {_percent(before)} until then"


def _judge_types(figures: Mapping[str, Any], limits: DriftLimits) -> Iterator[str]:
    distance, chance = figures["types"]["distance"], figures["types"]["p_value"]
    if figures["reference"] == BEFORE and distance >= limits.shift and chance < limits.shift_p_value:
        yield f"{_percent(distance)} of the causes are of another type than before (p {chance:.4f})"


def _judge_answers(figures: Mapping[str, Any], limits: DriftLimits) -> Iterator[str]:
    recent, before = figures["answers"]["recent"], figures["answers"]["before"]
    if min(recent["decided"], before["decided"]) < limits.minimum_outcomes:
        return
    if _reaches(before["confidence"] - recent["confidence"], limits.confidence_fall):
        yield f"the mean confidence fell from {before['confidence']:.2f} to {recent['confidence']:.2f}"
    if _reaches(recent["abstained"] - before["abstained"], limits.abstention_rise):
        yield f"{_percent(recent['abstained'])} of the answers are in doubt, and {_percent(before['abstained'])} before"


def _judge_labelled(figures: Mapping[str, Any], limits: DriftLimits) -> Iterator[str]:
    recent, before = figures["labelled"]["recent"], figures["labelled"]["before"]
    if recent["cases"] < limits.minimum_judged:
        return
    if recent["calibration_error"] >= limits.calibration_error:
        yield f"confidence and accuracy on labelled causes are {100 * recent['calibration_error']:.0f} points apart"
    if before["cases"] < limits.minimum_judged:
        return
    if _reaches(before["accuracy"] - recent["accuracy"], limits.accuracy_fall):
        yield f"the accuracy on labelled causes fell from {before['accuracy']:.2f} to {recent['accuracy']:.2f}"


def _reaches(change: float, limit: float) -> bool:
    """Compare by the digits that the figures are given with."""
    return round(change - limit, 4) >= 0


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
