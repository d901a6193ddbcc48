"""Everything that an executor needs to know, in one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...core.errors import UsageError
from .backoff import Backoff
from .option_checks import check_count, check_effect, check_name, check_predicate, check_seconds
from .verdict import Decider


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Say when to try again and when to stop; times in seconds. Raises UsageError for what makes no sense."""

    decide: Decider
    operation: str
    effect: str | None = None
    """``read_only``, ``idempotent``, ``reversible`` or ``irreversible``; the last is never called again, and any
    other word is refused."""
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
        check_name("operation", self.operation)
        if self.effect is not None:
            check_effect(self.effect)
        if self.attempts is not None:
            check_count("attempts", self.attempts)
        for name in ("timeout", "attempt_timeout"):
            if getattr(self, name) is not None:
                check_seconds(name, getattr(self, name), positive=True)
        check_seconds("retry_after_jitter", self.retry_after_jitter)
        if self.retry_after_cap != float("inf"):
            check_seconds("retry_after_cap", self.retry_after_cap)
        if self.is_failure is not None:
            check_predicate("is_failure", self.is_failure)
        if not (self.backoff is None or isinstance(self.backoff, Backoff)):
            raise UsageError(f"backoff: give an errclass.Backoff, not {self.backoff!r}")


DEFAULT_ATTEMPTS = 4
"""Calls in all where nobody says otherwise: the seed's three retries."""
DEFAULT_BACKOFF = Backoff()
