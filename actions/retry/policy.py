"""Everything that an executor needs to know, in one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...core.errors import UsageError
from .backoff import Backoff
from .verdict import Decider


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Say when to try again and when to stop; times in seconds. Raises UsageError for what makes no sense."""

    decide: Decider
    operation: str
    effect: str | None = None
    """``read_only``, ``idempotent``, ``reversible`` or ``irreversible``; the last is never called again."""
    attempts: int | None = None
    """Calls in all; None: as the decision plans, and ``DEFAULT_ATTEMPTS`` where it plans none."""
    timeout: float | None = None
    """One deadline over all attempts and waits: no wait is begun that would reach it."""
    attempt_timeout: float | None = None
    """Time for one attempt; coroutines only, for a running function cannot be stopped."""
    backoff: Backoff | None = None
    """None: as the decision plans."""
    retry_after_cap: float = 300.0
    """A Retry-After beyond it counts as this."""
    retry_after_jitter: float = 0.25
    """At most so much is added to a Retry-After, so that not all come back at the same moment."""
    is_failure: Callable[[Any], bool] | None = None
    """Whether a result is as bad as an error."""

    @property
    def retries(self) -> bool:
        """Whether there can be a second attempt at all."""
        return self.attempts != 1 and self.effect != "irreversible"

    @property
    def first_limit(self) -> float | None:
        """Seconds that the first attempt of a coroutine may take."""
        return min(filter(None, (self.attempt_timeout, self.timeout)), default=None)

    def __post_init__(self) -> None:
        if self.attempts is not None and self.attempts < 1:
            raise UsageError(f"attempts: at least 1 call has to be made, not {self.attempts}")
        for name in ("timeout", "attempt_timeout"):
            number = getattr(self, name)
            if number is not None and not number > 0:
                raise UsageError(f"{name}: must be above 0 seconds, not {number}")


DEFAULT_ATTEMPTS = 4
"""Calls in all where nobody says otherwise: the seed's three retries."""
DEFAULT_BACKOFF = Backoff()
