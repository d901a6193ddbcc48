"""Everything that a replay found, before it is put into words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .changes import Changes


@dataclass(slots=True)
class Replayed:
    """Hold the changes, and the decisions that could not be decided anew."""

    changes: Changes
    unreadable: int = 0
    """Decisions whose stored facts, or whose stored decision, are damaged or were never kept."""
    not_decidable: int = 0
    """Decisions that hang on a fact that was not kept when they were made."""
    lacking: Counter[str] = field(default_factory=Counter)
    """Such fact -> decisions."""
    same_rules: int = 0
    """Decisions that these very rules made."""

    @property
    def decisions(self) -> int:
        """All stored decisions that were looked at."""
        return self.changes.replayed + self.not_decidable + self.unreadable

    def add_lacking(self, lacking: frozenset[str]) -> None:
        """Count one decision that hangs on these facts."""
        self.not_decidable += 1
        self.lacking.update(lacking)
