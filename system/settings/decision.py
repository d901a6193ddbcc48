"""Settings of decisions."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from ...core.types import Autonomy


class DecisionSettings(BaseModel):
    """Limits on what rules may plan, and where further rules lie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Path, ...] = ()
    """Folders of rules laid over the usual ones, in this order."""
    max_attempts: int = Field(default=10, ge=1, le=1000)
    """Upper bound of a plan's attempts, the first one included."""
    max_delay: float = Field(default=300.0, ge=0, le=86_400)
    """Upper bound of one wait between attempts, in seconds; a Retry-After may exceed it."""
    autonomy: Autonomy | None = None
    """How far errclass may go by itself: ``suggest``, ``ask``, ``auto``; the environment's usual one without it."""
    kill_switch: bool = False
    """Whether everything automatic is switched off: nothing is re-run, recovered, reset, escalated or sent."""
