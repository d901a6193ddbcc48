"""What a caller hands over to be escalated."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.types import Context, Decision


@dataclass(frozen=True, slots=True)
class EscalationRequest:
    """Ask for an escalation as decided: the decision's plan names the target, and its priority counts."""

    decision: Decision
    context: Context | None = None
    """None: the decision's own."""
    text: str = ""
    """The failing region of the log."""
    outcome_id: str | None = None
    """Where the failure is stored."""
    seconds: float | None = None
    """Time that all attempts took together."""
    tried: tuple[str, ...] = ()
    """What was done about it already, a sentence each."""
    past_fixes: tuple[str, ...] = ()
    """What mended similar failures before, a sentence or link each."""
