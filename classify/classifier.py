"""What every classifier, built in or third party, must offer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from ..core.types import Flip, Prediction, Signals


@runtime_checkable
class Classifier(Protocol):
    """Learn types from signals and predict them. Found by the entry-point group ``errclass.classifiers``."""

    version: str
    """Names the trained state; set by whoever trains or loads it, and copied into every prediction."""

    def fit(
        self,
        signals: Sequence[Signals],
        types: Sequence[str],
        *,
        weights: Sequence[float],
        groups: Sequence[str],
        retryable: Sequence[bool | None],
    ) -> Self:
        """Learn; all sequences have one entry per example.

        ``groups`` names where each example comes from (its tool): whatever is chosen on held-out data, such as a
        calibration, must hold out whole groups. ``retryable`` says whether an unchanged re-run would plausibly have
        succeeded, None where nobody said; a classifier need not learn it.
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


@runtime_checkable
class Explainer(Protocol):
    """Offered by classifiers that can say what in a text decides; not all can."""

    def find_flip(self, signals: Signals) -> Flip | None:
        """Return the lines without which the first type would be another; None when no few lines decide it."""
        ...
