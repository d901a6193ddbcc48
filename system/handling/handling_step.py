"""One thing that was tried about a failure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

StepKind = Literal["call", "recover", "escalate", "notify"]


@dataclass(frozen=True, slots=True)
class HandlingStep:
    """Say what was tried, and what became of it."""

    kind: StepKind
    name: str
    """Operation, recipe, escalation target, or channels."""
    success: bool
    summary: str
    """One sentence for a person."""
    seconds: float | None = None
