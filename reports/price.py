"""What time costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """Hold the price of a minute of a machine that runs operations."""

    per_minute: float
    currency: str
    """Three letters of ISO 4217, such as ``EUR``."""

    def of(self, seconds: float | None) -> float | None:
        """Return what so many seconds cost, to the hundredth; None for None."""
        return None if seconds is None else round(self.per_minute * seconds / 60, 2)
