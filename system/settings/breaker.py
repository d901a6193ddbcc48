"""Settings of circuit breakers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class BreakerSettings(BaseModel):
    """When the circuit breaker of an operation opens, where the caller gave no options; see ``docs/retry.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    failures: int = Field(default=5, ge=1, le=1_000_000)
    """Failures within ``window`` that open it."""
    window: float = Field(default=300.0, gt=0, le=86_400)
    """Seconds within which failures are counted."""
    open_for: float = Field(default=60.0, gt=0, le=86_400)
    """Seconds that it stays open before calls are let through to try."""
    permits: int = Field(default=1, ge=1, le=1000)
    """Calls that are let through at once to try."""
    successes: int = Field(default=1, ge=1, le=1000)
    """Tries that have to succeed before it closes."""
