"""Judge probabilities by the Brier score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..core.types import Prediction


def measure_brier_skill(truths: Sequence[str], predictions: Sequence[Prediction]) -> float:
    """Return how much better the probabilities are than the base rates: 1 is perfect, 0 no better, negative worse.

    One minus the mean of the squared errors summed over the types (Brier 1950, "Verification of forecasts expressed in
    terms of probability") over the same mean for whoever always gives each type its share among ``truths`` (Murphy
    1973, "A new vector partition of the probability score"). Where all truths are one type that reference cannot be
    beaten, and the skill is 0.
    """
    count = len(truths)
    reference = 1.0 - sum((number / count) ** 2 for number in Counter(truths).values())
    if not reference:
        return 0.0
    errors = (_squared_error(truth, prediction) for truth, prediction in zip(truths, predictions, strict=True))
    return 1.0 - sum(errors) / count / reference


def _squared_error(truth: str, prediction: Prediction) -> float:
    given = {entry.type: entry.probability for entry in prediction.ranked}
    return sum(probability**2 for probability in given.values()) + 1.0 - 2.0 * given.get(truth, 0.0)
