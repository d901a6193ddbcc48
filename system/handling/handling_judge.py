"""Decide about each failed call of one operation, record it, and recover where that is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ...actions.retry import AttemptState, StopReason, Verdict
from ...core.errors import UsageError
from ...core.failure import to_failure
from ...core.types import Context, Decision, Failure, Guard
from ..jobs.run_recoveries import describe_result
from ..pipeline import Answer, answer_again, answer_failure, to_outcome
from ..retry_decider import to_verdict
from .error_text import describe_object
from .faults import Faults
from .handling_order import HandlingOrder, ToldError
from .handling_records import HandlingRecords
from .handling_recoveries import HandlingRecoveries
from .handling_step import HandlingStep

if TYPE_CHECKING:
    from ..settings import RetrySettings
    from ..wiring import Parts

_NOTHING = Verdict(retry=False)


class HandlingJudge:
    """Be the decider of an executor: whatever goes wrong in here, nothing automatic happens then."""

    def __init__(
        self,
        order: HandlingOrder,
        find_parts: Callable[[], Parts],
        records: HandlingRecords,
        recoveries: HandlingRecoveries,
        faults: Faults,
        retry: RetrySettings,
        is_breaker_open: Callable[[], bool | None],
    ) -> None:
        self._order, self._find_parts = order, find_parts
        self._records, self._recoveries, self._faults = records, recoveries, faults
        self._retry, self._is_breaker_open = retry, is_breaker_open
        self.first: Decision | None = None
        self.answer: Answer | None = None
        """The last one."""
        self.attempts = 0
        """Failed calls of which it was told, the first included."""
        self._recorded = 0
        """The last failed call that was recorded."""
        self.call_started: float | None = None
        """Of the latest call, in seconds since 1970; None while that is somebody else's."""
        self.last_error = order.error
        """What the operation itself raised last."""
        self.steps: list[HandlingStep] = []

    @property
    def decision(self) -> Decision | None:
        """The last one."""
        return None if self.answer is None else self.answer.decision

    def __call__(self, error: Exception, state: AttemptState, /) -> Verdict:
        """Return what is to be done about a failed call."""
        if isinstance(error, UsageError) and error is not self.last_error:  # no failure of the operation, but a misuse
            return _NOTHING
        self.attempts = state.attempt
        self._note_call(error)
        try:
            return self._judge(error, state)
        except Exception as fault:  # noqa: BLE001 - the rim: what goes wrong in here must not replace the user's own error
            self._faults.note("nothing more could be decided", fault)
        if self._recorded < state.attempt:
            self.answer = None
            self.keep_undecided(error)
        return _NOTHING

    def keep_undecided(self, error: Exception) -> None:
        """Record a failed call on which nothing could be decided."""
        try:
            self._records.record_undecided(self._describe(error), self.call_started)
        except Exception as fault:  # noqa: BLE001 - likewise
            self._faults.note("not recorded", fault)

    def reconsider(self, reason: StopReason) -> None:
        """Decide anew what to do where another call was worth it but must not be made.

        It stays the decision that was recorded, which then has its reasons as well.
        """
        if self.answer is None or self.answer.decision.strategy != "retry" or reason not in _GUARDS:
            return
        before, attempt = self.answer.decision, self.answer.decision.context.attempt
        guard = replace(_GUARDS[reason], attempts_at_most=attempt if reason in ("attempts", "deadline") else None)
        try:
            self.answer = answer_again(self.answer, self._find_parts(), guard=guard)
        except Exception as fault:  # noqa: BLE001 - the rim, as above
            self._faults.note("nothing else could be decided", fault)
            return
        after = self.answer.decision
        decision = replace(after, decision_id=before.decision_id, because=(*after.because, _REASONS[reason]))
        self.answer = replace(self.answer, decision=decision)

    def make_call_context(self, attempt: int) -> Context:
        """Return the context of a call: ``attempt`` counts those that we know of, from 1."""
        return replace(self._order.context, attempt=self._order.context.attempt + attempt - 1)

    def _judge(self, error: Exception, state: AttemptState) -> Verdict:
        parts = self._find_parts()
        answer = answer_failure(self._describe(error), parts, guard=self._look_around(state))
        self._records.record_failure(to_outcome(answer, parts.engine), self.call_started)
        self.answer, self.first, self._recorded = answer, self.first or answer.decision, state.attempt
        decision = answer.decision
        if decision.strategy == "recover":
            return self._recover(answer, state)
        verdict = to_verdict(decision, self._retry)
        made_before = self._order.context.attempt - 1
        return replace(
            verdict,
            timeout=None,  # the deadline is the order's
            retry=verdict.retry and not decision.plan.approval,
            attempts=max(1, decision.plan.max_attempts - made_before),
        )

    def _recover(self, answer: Answer, state: AttemptState) -> Verdict:
        verdict = to_verdict(answer.decision)
        if self._order.operation is not None and not self._may_call_again(state):
            self._recoveries.obstacle = "the operation may not be called again after it"
            return replace(verdict, retry=False)
        known = len(self._recoveries.results)
        helped = self._recoveries.try_all(answer)
        self.steps += [
            HandlingStep("recover", one.strategy or "none", one.outcome == "success", describe_result(one), one.seconds)
            for one in self._recoveries.results[known:]
        ]
        # What comes next is no unchanged re-run: it is due at once, however many of those there may be.
        return replace(verdict, retry=helped is not None, wait=0.0, retry_after=None, attempts=state.attempt + 1)

    def _may_call_again(self, state: AttemptState) -> bool:
        most = self._retry.attempts
        return self._order.is_run_again and (most is None or self._order.context.attempt + state.attempt <= most)

    def _look_around(self, state: AttemptState) -> Guard:
        return Guard(breaker_open=self._is_breaker_open(), budget_spent=state.budget_spent)

    def _describe(self, error: Exception) -> Failure:
        """Return the failure of the latest call: the first is known with its logs."""
        context = self.make_call_context(max(1, self.attempts))
        if error is self._order.error or isinstance(error, ToldError):
            return replace(self._order.failure, context=context)
        return to_failure(error, context=context)

    def _note_call(self, error: Exception) -> None:
        self.steps.append(HandlingStep("call", self._order.name, success=False, summary=describe_object(error)))


_GUARDS: dict[StopReason, Guard] = {
    "attempts": Guard(),
    "budget": Guard(budget_spent=True),
    "circuit_open": Guard(breaker_open=True),
    "deadline": Guard(),
}
_REASONS: dict[StopReason, str] = {
    "attempts": "No other call may be made.",
    "budget": "The budget of retries is spent.",
    "circuit_open": "The circuit breaker is open.",
    "deadline": "The next wait would reach the deadline.",
}
