"""Our decider as the ``giveup=`` of backoff."""

from __future__ import annotations

from ..policy import RetryPolicy
from .first_attempt import is_worth_another


class BackoffGiveup:
    """Say to backoff when to give up: ``@backoff.on_exception(backoff.full_jitter, Exception, giveup=...)``.

    Waits, tries and time are backoff's own. It does not say which attempt failed: each is judged as the first.
    """

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy

    def __call__(self, error: Exception) -> bool:
        """Return whether another attempt is not worth it."""
        return not is_worth_another(self._policy, error)
