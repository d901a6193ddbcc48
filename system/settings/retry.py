"""Settings of retries."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RetrySettings(BaseModel):
    """How often and after which waits an operation is called again, where the caller does not say it himself.

    What is not set is what the rules say for the environment; see ``docs/decision-table.md``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempts: int | None = Field(default=None, ge=1, le=1000)
    """Calls in all, the first one included; ``decision.max_attempts`` is a bound on them."""
    base_delay: float | None = Field(default=None, ge=0, le=86_400)
    """Seconds of the first wait, for failures whose type has no waits of its own."""
    max_delay: float | None = Field(default=None, ge=0, le=86_400)
    """Seconds of the longest of these waits, 30 by the rules; ``decision.max_delay`` is a bound on all waits."""
    factor: float | None = Field(default=None, ge=1, le=100)
    """By what these waits grow from call to call; 2 by the rules."""
    jitter: Literal["full", "equal", "none"] | None = None
    """How waits are spread; ``full`` without it: anything from 0 to the wait."""
    timeout: float | None = Field(default=None, gt=0, le=86_400)
    """Seconds for all calls and waits together; no limit without it."""
