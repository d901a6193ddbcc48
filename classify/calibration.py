"""Make a model's probabilities mean what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOWEST, _HIGHEST, _STEPS = 0.05, 5.0, 60


def fit_temperature(scores: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """Return the temperature, 0.05 to 5, that minimises the log loss of held-out scores.

    ``scores`` has shape (examples, types), ``truth`` the right column of each. Temperature scaling: Guo et al. 2017,
    "On Calibration of Modern Neural Networks".
    """
    import numpy as np

    candidates = np.geomspace(_LOWEST, _HIGHEST, _STEPS)
    losses = [_log_loss(scores / temperature, truth) for temperature in candidates]
    return float(candidates[int(np.argmin(losses))])


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
