"""Settings of the agent that mends code."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class CodegenSettings(BaseModel):
    """The agent that is asked to mend code, and when it is; see ``docs/codegen.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agent: str = "codegen"
    """Which of the installed agents."""
    api_url: str | None = None
    """Where its API is; where it usually is without it."""
    api_key: SecretStr | None = None
    """Without a key no agent is asked."""
    org_id: str | None = None
    """Number of the organisation that pays."""
    repo_id: str | None = None
    """The agent's own number of the repository, where the organisation has several."""
    confidence: float = Field(default=0.8, ge=0, le=1)
    """Least probability that the type is right."""
    runs_per_day: int = Field(default=20, ge=0, le=500)
    """Most runs that are paid for in one day (UTC), over all processes that share the store."""

    @field_validator("org_id", "repo_id", mode="before")
    @classmethod
    def _read_number(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
