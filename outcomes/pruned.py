"""What a pruning drops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pruned:
    """Count what was dropped, or would be."""

    rows: Mapping[str, int]
    """By table; tables without any are left out."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.rows.values())
