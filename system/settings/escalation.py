"""Settings of escalations."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class EscalationSettings(BaseModel):
    """How failures are handed on; see ``docs/escalation.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrent: int = Field(default=10, ge=1, le=1000)
    """Escalations that are carried out at a time, over all processes that share the store."""
    deadline: float = Field(default=300.0, gt=0, le=86_400)
    """Seconds for carrying one out, with its repetitions."""
