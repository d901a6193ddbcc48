"""What surrounds every attempt: breaker, verdict, budget, counts, events. No call and no wait of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from ...core.errors import CircuitOpenError
from ..breaker import CircuitBreaker, Outcome, Permit
from .budget import RetryBudget
from .course import Course, Step
from .events import RetryEvent, RetryScheduled, RetryStopped, RetrySucceeded, StopReason
from .mode import current_mode
from .policy import RetryPolicy
from .statistics import CallCounter
from .verdict import Verdict

Listener = Callable[[RetryEvent], None]

_BAD_RESULT = Verdict(retry=True)


class Flow:
    """Take calls of one operation through their attempts; safe to share between threads and tasks.

    ``clock`` and ``draw`` are for tests.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        *,
        breaker: CircuitBreaker | None = None,
        budget: RetryBudget | None = None,
        counter: CallCounter | None = None,
        listeners: tuple[Listener, ...] = (),
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.policy = policy
        self.breaker = breaker
        self.budget = budget
        self.counter = counter or CallCounter()
        self.clock = clock
        self._listeners = listeners
        self._draw = draw

    def enter(self, breaker: CircuitBreaker, course: Course | None, last: Exception | None) -> Permit:
        """Return the breaker's permit for the next attempt; raises CircuitOpenError where it gives none."""
        try:
            return breaker.acquire()
        except CircuitOpenError as error:
            self._stop(course, "circuit_open", error)
            if last is None:
                raise
            raise error from last

    def begin(self, started: float) -> Course:
        """Return the course of a call that has just failed for the first time."""
        return Course(self.policy, self.budget, started=started, clock=self.clock, draw=self._draw)

    def fail(self, course: Course, error: Exception, permit: Permit | None, began: float, *, nested: bool) -> Step:
        """Take in an error and return what follows; where nothing does, the error gets a note that says why."""
        verdict = course.judge(error)
        self.report(permit, verdict.outcome, began)
        step = self._choose(course, verdict, nested=nested)
        if step.wait is not None:
            self._refuse_vain_wait(course, error, step)
        if step.reason is not None:
            _add_note(error, course, step)
            self._stop(course, step.reason, error, verdict)
        else:
            self._tell_wait(course, type(error).__qualname__, step)
        return step

    def dislike(self, course: Course, permit: Permit | None, began: float, *, nested: bool) -> Step:
        """Take in a result that counts as a failure."""
        course.attempts += 1
        self.report(permit, "failure", began)
        step = self._choose(course, _BAD_RESULT, nested=nested)
        if step.reason is not None:
            self._stop(course, step.reason, None)
        else:
            self._tell_wait(course, "result", step)
        return step

    def _refuse_vain_wait(self, course: Course, error: Exception, step: Step) -> None:
        """Raise CircuitOpenError where the breaker would refuse the next attempt after its wait all the same."""
        breaker = self.breaker
        if breaker is None or breaker.state not in ("open", "forced_open"):
            return
        left = breaker.status().time_until_half_open
        if step.wait is None or left <= step.wait:
            return
        if self.budget is not None and course.price is not None:
            self.budget.refund(course.price)
        self._stop(course, "circuit_open", error, step.verdict)
        raise CircuitOpenError(breaker.operation, left) from error  # in no variable: that would be a cycle

    def _choose(self, course: Course, verdict: Verdict, *, nested: bool) -> Step:
        most = current_mode().attempts
        if nested:
            return Step(None, "nested", verdict)
        if most is not None and course.attempts >= most:
            return Step(None, "attempts", verdict)
        return course.plan(verdict)

    def succeed(self, course: Course | None, permit: Permit | None, began: float, started: float) -> None:
        """Take in a success; ``began`` is when the attempt did, ``started`` when the call did."""
        now = self.clock()
        if permit is not None and self.breaker is not None:
            self.breaker.report_success(permit, now - began)
        if course is None:
            if self.budget is not None and not self.budget.is_full:
                self.budget.refund(None)
            self.counter.succeed(1, now - started)
            return
        self._succeed_late(course, now - started)

    def _succeed_late(self, course: Course, elapsed: float) -> None:
        """Take in a success after failures."""
        if self.budget is not None:
            self.budget.refund(course.price)
        attempts = course.attempts + 1
        self.counter.succeed(attempts, elapsed)
        if self._listeners:
            self._tell(RetrySucceeded(self.policy.operation, attempts, elapsed))

    def report(self, permit: Permit | None, outcome: Outcome, began: float) -> None:
        """Tell the breaker what became of a permitted attempt."""
        if self.breaker is not None and permit is not None:
            self.breaker.report(permit, outcome, self.clock() - began)

    def _stop(
        self, course: Course | None, reason: StopReason, error: Exception | None, verdict: Verdict | None = None
    ) -> None:
        attempts = course.attempts if course else 0
        self.counter.fail(attempts)
        if self._listeners:
            name = "result" if error is None else type(error).__qualname__
            kind, decision = (verdict.kind, verdict.decision_id) if verdict else (None, "")
            elapsed = course.elapsed if course else 0.0
            self._tell(RetryStopped(self.policy.operation, attempts, reason, elapsed, name, kind, decision))

    def _tell_wait(self, course: Course, name: str, step: Step) -> None:
        if self._listeners and step.wait is not None:
            verdict = step.verdict
            operation, attempts, elapsed = self.policy.operation, course.attempts, course.elapsed
            self._tell(RetryScheduled(operation, attempts, step.wait, elapsed, name, verdict.kind, verdict.decision_id))

    def _tell(self, event: RetryEvent) -> None:
        for listener in self._listeners:
            listener(event)


_REASONS: dict[StopReason, str] = {
    "attempts": "no attempts are left",
    "budget": "the budget of retries is spent",
    "cancelled": "somebody cancelled it",
    "circuit_open": "the circuit breaker is open",
    "deadline": "the next wait would reach the deadline",
    "nested": "the retry around it decides",
    "non_retryable": "another attempt would not help",
}


def _add_note(error: Exception, course: Course, step: Step) -> None:
    """Say beside the error why it is raised now; not for a first attempt that nobody would have repeated."""
    if step.reason == "nested" or (
        step.reason == "non_retryable" and course.attempts == 1 and not step.verdict.because
    ):
        return
    calls = "1 attempt" if course.attempts == 1 else f"{course.attempts} attempts"
    decision = f", decision {step.verdict.decision_id}" if step.verdict.decision_id else ""
    because = f": {step.verdict.because}" if step.verdict.because else ""
    reason = _REASONS[step.reason or "attempts"]
    error.add_note(f"errclass: {calls} in {course.elapsed:.3g} s; {reason}{because}{decision}")
