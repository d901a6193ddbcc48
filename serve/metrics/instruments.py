"""Where counts go, whichever system keeps them."""

from __future__ import annotations

from typing import Protocol


class Instruments(Protocol):
    """Count under the names and labels of the catalogue; safe to share between threads."""

    def add(self, name: str, labels: tuple[str, ...] = (), amount: float = 1.0) -> None:
        """Add to a counter."""

    def change(self, name: str, amount: float) -> None:
        """Add to a gauge, or take away from it."""

    def observe(self, name: str, value: float, labels: tuple[str, ...] = ()) -> None:
        """Add a value to a histogram."""
