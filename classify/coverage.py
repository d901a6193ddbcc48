"""Tell how much can be answered when only few answers may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

_ROUNDING = 1e-9


def measure_coverage(confidences: Sequence[float], correct: Sequence[bool], *, error: float) -> float:
    """Return the share of texts that can be answered, the most confident first, with at most ``error`` wrong, 0 to 1.

    With the texts sorted by falling confidence it is the longest prefix in which the share of wrong answers is within
    ``error`` (0 to 1). Texts of equal confidence are in it together or not at all: nothing tells them apart.
    """
    ordered = sorted(zip(confidences, correct, strict=True), key=itemgetter(0), reverse=True)
    answered = wrong = covered = 0
    for _, equals in groupby(ordered, key=itemgetter(0)):
        answers = [good for _, good in equals]
        answered += len(answers)
        wrong += answers.count(False)
        if wrong <= error * answered + _ROUNDING:
            covered = answered
    return covered / len(ordered) if ordered else 0.0
