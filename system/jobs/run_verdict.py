"""What is to be done about a failed call of ``errclass run``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from ...actions.recover import RecoveryPlan


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say what is to be done about a failed call."""

    wait: float | None
    """Seconds until the next call; None: there is none."""
    reason: str
    """Why there is none; empty where there is one."""
    explanation: dict[str, Any] | None = None
    """What ``errclass explain`` would say; None where errclass itself failed."""
    outcome_id: str | None = None
    attempts: int = 1
    """Calls in all that the plan allows."""
    why: tuple[str, ...] = ()
    """What the rules say of the cause, and of running it again."""
    recovery: RecoveryPlan | None = None
    """What is to be carried out before the next call."""

    def stopped(self, reason: str) -> Self:
        """Return the same without a next call, for a reason that turned up later."""
        return replace(self, wait=None, reason=reason)
