"""Make a model's probabilities mean what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOWEST, _HIGHEST, _STEPS = 0.05, 5.0, 60
_LEAST = 1e-6
"""No probability is taken as nearer to 0 or 1 than this."""


def fit_temperature(scores: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """Return the temperature, 0.05 to 5, that minimises the log loss of held-out scores.

    ``scores`` has shape (examples, types), ``truth`` the right column of each. Temperature scaling: Guo et al. 2017,
    "On Calibration of Modern Neural Networks".
    """
    import numpy as np

    candidates = np.geomspace(_LOWEST, _HIGHEST, _STEPS)
    losses = [_log_loss(scores / temperature, truth) for temperature in candidates]
    return float(candidates[int(np.argmin(losses))])


@dataclass(frozen=True, slots=True)
class Confidence:
    """Turn a model's probability of its first type into the probability that the type is right.

    A temperature fits all types at once; the first one's is what users see, and is corrected alone. Platt scaling:
    Platt 1999, "Probabilistic outputs for support vector machines".
    """

    slope: float = 1.0
    offset: float = 0.0

    def apply(self, ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return the (type, probability) pairs, best first, with the first corrected and the others sharing the rest.

        The order stays: the first is never made less probable than the second.
        """
        (first, given), *others = ranked
        rest = sum(probability for _, probability in others)
        if not rest:
            return [(first, given)]
        wanted = _sigmoid(self.slope * _logit(given) + self.offset)
        second = others[0][1] / rest
        corrected = max(wanted, second / (1.0 + second))
        scale = (1.0 - corrected) / rest
        return [(first, corrected), *((name, min(corrected, probability * scale)) for name, probability in others)]


def fit_confidence(confidences: Sequence[float], correct: Sequence[bool]) -> Confidence:
    """Return the correction that makes held-out confidences right; none where all answers were right or all wrong."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    if len(set(correct)) < 2:
        return Confidence()
    logits = np.array([[_logit(confidence)] for confidence in confidences])
    fitted = LogisticRegression(C=1e6).fit(logits, np.asarray(correct))
    # A slope below zero would turn the order of confidences round: there was too little to learn from.
    return (
        Confidence(float(fitted.coef_[0][0]), float(fitted.intercept_[0])) if fitted.coef_[0][0] > 0 else Confidence()
    )


def _logit(probability: float) -> float:
    bounded = min(1.0 - _LEAST, max(_LEAST, probability))
    return math.log(bounded / (1.0 - bounded))


def _sigmoid(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-score))


def expected_calibration_error(
    confidences: NDArray[np.float64], correct: NDArray[np.bool_], *, bins: int = 10
) -> float:
    """Return the mean gap between confidence and accuracy over equally filled bins, weighted by size, 0 to 1."""
    import numpy as np

    order = np.argsort(confidences)
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(part) * abs(confidences[part].mean() - correct[part].mean()) for part in parts]
    return float(sum(gaps) / max(1, len(confidences)))


def _log_loss(scores: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    import numpy as np

    shifted = scores - scores.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(truth)), truth]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen))
