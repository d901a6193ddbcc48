"""Settings that switch components on and off."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class EnableSettings(BaseModel):
    """Which components work; a file of the working tree may switch off, and never on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retry: bool = True
    """Whether an unchanged re-run may be made at all; without it the rules choose what else there is."""
    circuit_breaker: bool = True
    """Whether retries have a circuit breaker where the caller gave none of his own."""
    escalation: bool = True
    """Whether failures are handed on: to a person, an agent, a recovery or a reset."""
    recovery: bool = True
    """Whether recipes are carried out; ``errclass recover`` still shows what they would do."""
    codegen: bool = True
    """Whether an agent is asked to mend code; without it people are told that none is set up."""
    environment_reset: bool = True
    """Whether an environment may be reset."""
    notifications: bool = True
    """Whether there are channels at all; without them nobody is told, and nothing is kept to be told later."""
    analytics: bool = True
    """Whether patterns, trends and anomalies are looked for in what was recorded."""
    tracking: bool = True
    """Whether handled failures and runs are recorded; without it nothing is learnt from them."""
    reporting: bool = True
    """Whether reports are made."""
