"""What became of a reset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ...core.jsonable import to_jsonable
from .levels import ResetKind

ResetOutcome = Literal["success", "partial", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class ResetResult:
    """Say what became of one reset."""

    kind: ResetKind | None
    outcome: ResetOutcome
    reason: str = ""
    """One of a fixed set of words; empty for a success."""
    message: str = ""
    """What it came to, for a person."""
    actions: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    """Paths that were put back, where it failed."""
    backup: Path | None = None
    """Where the user's own files lie that it replaced or removed."""
    reset_id: str = ""
    seconds: float = 0.0

    @property
    def success(self) -> bool:
        """Whether all of it was done, and checked."""
        return self.outcome == "success"

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return {**values, "success": self.success}
