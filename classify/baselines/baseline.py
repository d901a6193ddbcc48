"""What every baseline must offer."""

from __future__ import annotations

from typing import Protocol

from ...core.types import Prediction


class Baseline(Protocol):
    """Name the type of a failure from its bare text: no signals, no masks, no region, no rules."""

    @property
    def name(self) -> str:
        """How the baseline is called where figures are shown."""
        ...

    def predict(self, text: str) -> Prediction:
        """Return the types with their probabilities, most probable first."""
        ...
