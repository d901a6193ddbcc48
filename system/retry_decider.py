"""Have classifier and rules decide whether an error is worth another attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..actions.breaker import Outcome
from ..actions.retry import AttemptState, Backoff, Jitter, Verdict

if TYPE_CHECKING:
    from ..core.types import Context, Decision, Plan

_ASKED = frozenset({"operation", "effect", "attempt"})
"""What the executor tells of each attempt."""
_NOT_ILL = frozenset({"rate_limit"})
"""Types of which the other side is well: it only asks for patience."""


class RetryDecider:
    """Ask ``decide`` about each error; the model and the rules are loaded at the first one.

    ``counts_attempts``: whether the rules may stop after so many attempts; an executor that was told how many does
    that itself.
    """

    def __init__(self, context: Context | None, *, counts_attempts: bool = True) -> None:
        known: dict[str, Any] = {} if context is None else context.to_dict()
        self._given = {key: value for key, value in known.items() if key not in _ASKED}
        self._given |= self._given.pop("metadata", {})
        self._counts_attempts = counts_attempts

    def __call__(self, error: Exception, state: AttemptState, /) -> Verdict:
        """Return the verdict of classifier, rules and history."""
        from .deciding import decide, find_retry_settings  # all of it loads with the first failure, not before

        counted = self._counts_attempts or state.effect == "reversible"  # which is called twice at most, whoever counts
        decision = decide(
            error,
            **self._given,
            operation=state.operation,
            effect=state.effect,
            attempt=state.attempt if counted else 1,
            budget_spent=state.budget_spent,
        )
        wanted = find_retry_settings(self._given.get("component"), self._given.get("environment"))
        return Verdict(
            retry=decision.strategy == "retry",
            kind=decision.type,
            outcome=judge_health(decision),
            backoff=plan_backoff(decision.plan, (wanted.jitter if wanted else None) or "full"),
            attempts=decision.plan.max_attempts,
            timeout=wanted.timeout if wanted else None,
            retry_after=decision.plan.retry_after,
            decision_id=decision.decision_id,
            because=" ".join(decision.because[-2:]),
        )


def judge_health(decision: Decision) -> Outcome:
    """Return what a failure says of the other side's health: nothing, where it is the caller's own fault.

    What nobody can tell counts as a failure: a breaker that opens too early costs less than one that never does.
    """
    if decision.type in _NOT_ILL:
        return "ignored"
    from ..core.types import UNKNOWN  # there since the decision was made

    return "failure" if decision.retryable or decision.type == UNKNOWN or decision.abstained else "ignored"


def plan_backoff(plan: Plan, jitter: Jitter = "full") -> Backoff:
    """Return the back-off of a plan."""
    return Backoff(curve=plan.curve, base=plan.base_delay, factor=plan.multiplier, cap=plan.max_delay, jitter=jitter)
