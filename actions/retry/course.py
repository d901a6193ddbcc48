"""The course of one call that has failed at least once: whether it is tried again, and after how long.

Pure but for what it is given: no call, no sleep. Made at the first failure, so that a call that succeeds pays nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass

from ...core.errors import CircuitOpenError
from .budget import RetryBudget
from .events import StopReason
from .policy import DEFAULT_ATTEMPTS, DEFAULT_BACKOFF, RetryPolicy
from .verdict import AttemptState, Verdict

_log = logging.getLogger("errclass")

_MOST_REVERSIBLE = 2
"""Calls of an operation whose effect would have to be undone, whoever says how often."""


@dataclass(frozen=True, slots=True)
class Step:
    """Say what follows a failed attempt."""

    wait: float | None
    """Seconds until the next attempt; None: there is none."""
    reason: StopReason | None
    """Why there is none."""
    verdict: Verdict


class Course:
    """Follow one call from failure to failure."""

    __slots__ = (
        "_budget",
        "_clock",
        "_draw",
        "_policy",
        "_previous",
        "_timeout",
        "attempts",
        "cancelled",
        "price",
        "started",
    )

    def __init__(
        self,
        policy: RetryPolicy,
        budget: RetryBudget | None,
        *,
        started: float,
        clock: Callable[[], float],
        draw: Callable[[], float],
    ) -> None:
        self._policy = policy
        self._budget = budget
        self._clock = clock
        self._draw = draw
        self._previous = 0.0
        self._timeout = policy.timeout
        self.started = started
        self.attempts = 0
        """Attempts that have failed."""
        self.cancelled = False
        """Whether somebody asked for it to end."""
        self.price: int | None = None
        """What the last retry cost."""

    @property
    def elapsed(self) -> float:
        """Seconds since the first attempt began."""
        return self._clock() - self.started

    def judge(self, error: Exception) -> Verdict:
        """Return the verdict on the error of the attempt that just failed, counting it."""
        self.attempts += 1
        if isinstance(error, CircuitOpenError):
            return Verdict(retry=False, outcome="ignored")
        if _is_cancellation(error):
            return Verdict(retry=False, outcome="cancelled")
        try:
            verdict = self._policy.decide(error, self._describe())
        except Exception:  # noqa: BLE001 - the rim: a fault of the decider must not replace the user's own error
            _log.exception("errclass.decider_failed")
            return Verdict(retry=False)
        self._timeout = verdict.timeout if self._policy.timeout is None else self._policy.timeout
        return verdict

    def dislike(self) -> Verdict:
        """Return the verdict on a result that is as bad as an error, counting it."""
        self.attempts += 1
        return Verdict(retry=True)

    def plan(self, verdict: Verdict) -> Step:
        """Return what follows, and pay for it."""
        wait = self._choose_wait(verdict)
        reason = self._find_reason(verdict, wait)
        if reason is None and self._budget is not None:
            self.price = self._budget.pay(verdict.kind)
            reason = "budget" if self.price is None else None
        if reason is not None:
            return Step(None, reason, verdict)
        self._previous = wait
        return Step(wait, None, verdict)

    def limit_attempt(self) -> float | None:
        """Return seconds that the next attempt may take: until its own limit or the deadline."""
        timeout, limit = self._timeout, self._policy.attempt_timeout
        if timeout is None:
            return limit
        left = max(0.0, timeout - self.elapsed)
        return left if limit is None else min(left, limit)

    def take_back(self) -> None:
        """Give the budget what was paid for an attempt that is not made."""
        if self._budget is not None and self.price is not None:
            self._budget.refund(self.price)
        self.price = None

    def _describe(self) -> AttemptState:
        timeout = self._timeout
        elapsed = self.elapsed
        return AttemptState(
            operation=self._policy.operation,
            effect=self._policy.effect,
            attempt=self.attempts,
            elapsed=elapsed,
            time_left=None if timeout is None else max(0.0, timeout - elapsed),
            budget_spent=self._budget is not None and not self._budget.can_pay(None),
        )

    def _find_reason(self, verdict: Verdict, wait: float) -> StopReason | None:
        if self.cancelled:
            return "cancelled"
        if not verdict.retry or self._policy.effect == "irreversible":
            return "non_retryable"
        most = self._policy.attempts or verdict.attempts or DEFAULT_ATTEMPTS
        if self.attempts >= (min(most, _MOST_REVERSIBLE) if self._policy.effect == "reversible" else most):
            return "attempts"
        timeout = self._timeout
        return "deadline" if timeout is not None and self.elapsed + wait >= timeout else None

    def _choose_wait(self, verdict: Verdict) -> float:
        if verdict.wait is not None:
            return verdict.wait
        backoff = self._policy.backoff or verdict.backoff or DEFAULT_BACKOFF
        wait = backoff.delay(self.attempts, self._previous, self._draw)
        if verdict.retry_after is None or verdict.retry_after <= 0:
            return wait
        least = min(verdict.retry_after, self._policy.retry_after_cap)
        return wait if wait >= least else least + self._draw() * self._policy.retry_after_jitter


def _is_cancellation(error: Exception) -> bool:
    """Say whether it is the future's own kind of a cancelled task, which is an ``Exception``."""
    futures = sys.modules.get("concurrent.futures")  # where nobody imported it, nobody raised it
    return futures is not None and isinstance(error, futures.CancelledError)
