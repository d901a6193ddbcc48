"""What every classifier, built in or third party, must offer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from ..core.types import Prediction, Signals


@runtime_checkable
class Classifier(Protocol):
    """Learn types from signals and predict them. Found by the entry-point group ``errclass.classifiers``."""

    version: str
    """Names the trained state; set by whoever trains or loads it, and copied into every prediction."""

    def fit(
        self, signals: Sequence[Signals], types: Sequence[str], *, weights: Sequence[float], groups: Sequence[str]
    ) -> Self:
        """Learn; all sequences have one entry per example.

        ``groups`` names where each example comes from (its tool): whatever is chosen on held-out data, such as a
        calibration, must hold out whole groups.
        """
        ...

    def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
        """Return one prediction per example, each equal to what it would be alone."""
        ...

    def save(self, folder: Path) -> None:
        """Write the trained state into an existing folder."""
        ...

    @classmethod
    def load(cls, folder: Path, *, trusted: Collection[str]) -> Self:
        """Read what ``save`` wrote.

        A file that must be unpickled may be loaded only through ``artefact.load_joblib``, which refuses files whose
        SHA-256 is not in ``trusted``.
        """
        ...
