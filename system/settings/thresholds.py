"""Settings of the thresholds from which failures are handed on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ThresholdSettings(BaseModel):
    """From how many failed attempts within 24 hours something else is asked.

    What is not set is what the rules say for the environment; see ``docs/decision-table.md``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    codegen: int | None = Field(default=None, ge=1, le=10_000)
    """Failed attempts from which a repair is asked for: of the agent, or a reset of a broken configuration."""
    manual: int | None = Field(default=None, ge=1, le=10_000)
    """Failed attempts from which a person is asked."""
