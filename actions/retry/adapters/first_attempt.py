"""An error of which a library tells nothing else: not which attempt it was, nor how much time is left."""

from __future__ import annotations

from ..policy import RetryPolicy
from ..verdict import AttemptState


def is_worth_another(policy: RetryPolicy, error: Exception) -> bool:
    """Say whether another attempt is worth it, judging each as the first."""
    if policy.effect == "irreversible":
        return False
    state = AttemptState(policy.operation, policy.effect, 1, elapsed=0.0, time_left=None, budget_spent=False)
    return policy.decide(error, state).retry
