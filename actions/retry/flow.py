"""What surrounds every attempt: breaker, verdict, budget, counts, events. No call and no wait of its own."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ...core.errors import CircuitOpenError
from ..breaker import CircuitBreaker, Outcome, Permit
from ..listeners import tell_all
from .attempt import Attempt
from .budget import RetryBudget
from .course import Course, Step
from .events import RetryEvent, RetryScheduled, RetryStopped, RetrySucceeded, StopReason
from .mode import current_mode
from .policy import RetryPolicy
from .statistics import CallCounter
from .verdict import Verdict

Listener = Callable[[RetryEvent], None]

_log = logging.getLogger("errclass")
_NOTE = "errclass: "


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
        self.is_failure = _survive(policy.is_failure) if policy.is_failure else None
        self._own_counts = self.counter.own
        self.clock = clock
        self._listeners = listeners
        self._draw = draw

    def enter(self, breaker: CircuitBreaker, course: Course | None, last: Exception | None) -> Permit:
        """Return the breaker's permit for the next attempt; raises CircuitOpenError where it gives none."""
        try:
            return breaker.acquire()
        except CircuitOpenError as error:
            if course is not None:
                course.take_back()
            self._stop(course, "circuit_open", error)
            if last is None:
                raise
            raise error from last

    def succeed_at_once(self, permit: Permit | None, began: float) -> None:
        """Take in the success of a first attempt: what nearly all calls do, so nothing here waits for a lock."""
        elapsed = self.clock() - began
        breaker, budget = self.breaker, self.budget
        if breaker is not None and permit is not None:
            if permit is breaker.quick_permit:
                breaker.count_success()
            else:
                breaker.report_success(permit, elapsed)
        if budget is not None and not budget.is_full:
            budget.refund(None)
        try:
            cell = self._own_counts.cell
        except AttributeError:
            cell = self.counter.make_cell()
        cell.calls += 1
        cell.seconds += elapsed

    def begin(self, started: float) -> Course:
        """Return the course of a call that has just failed for the first time."""
        return Course(self.policy, self.budget, started=started, clock=self.clock, draw=self._draw)

    def start(self, course: Course | None, attempt: Attempt[Any]) -> None:
        """Begin an attempt, after the failure that it still holds; raises CircuitOpenError where it is refused."""
        if self.breaker is not None:
            attempt.permit = self.breaker.closed_permit or self.enter(self.breaker, course, attempt.failed)
        attempt.began, attempt.failed = self.clock(), None

    def settle(self, course: Course, attempt: Attempt[Any], *, nested: bool) -> float | None:
        """Take in a failed attempt and return seconds to wait before the next; None where there is none.

        The error then gets a note that says why. Raises CircuitOpenError, with the error as its cause, where the
        breaker would refuse the next attempt after its wait all the same.
        """
        try:
            verdict = course.dislike() if attempt.failed is None else course.judge(attempt.failed)
        except BaseException:  # Ctrl-C while it is decided: the breaker must not wait for this call
            self.report(attempt.permit, "cancelled", attempt.began)
            raise
        self.report(attempt.permit, verdict.outcome, attempt.began)
        step = self._choose(course, verdict, nested=nested)
        if step.wait is None:
            self._end(course, attempt.failed, step)
            return None
        if attempt.failed is not None:
            self._refuse_vain_wait(course, attempt.failed, step)
        self._tell_wait(course, _name_failure(attempt.failed), step)
        return step.wait

    def give_up(self, course: Course, error: Exception | None) -> None:
        """Take in that somebody cancelled the call while it waited."""
        course.take_back()
        self._end(course, error, Step(None, "cancelled", Verdict(retry=False)))

    @contextmanager
    def waiting(self, course: Course) -> Iterator[None]:
        """Give back what the next attempt costs where the wait for it is broken off, as by a cancelled task."""
        try:
            yield
        except BaseException:
            course.take_back()
            raise

    def _refuse_vain_wait(self, course: Course, error: Exception, step: Step) -> None:
        """Raise CircuitOpenError where the breaker would refuse the next attempt after its wait all the same."""
        breaker = self.breaker
        if breaker is None or step.wait is None or (left := breaker.time_left) <= step.wait:
            return
        course.take_back()
        self._stop(course, "circuit_open", error, step.verdict)
        raise CircuitOpenError(breaker.operation, left) from error  # in no variable: that would be a cycle

    def _choose(self, course: Course, verdict: Verdict, *, nested: bool) -> Step:
        most = current_mode().attempts
        if nested:
            return Step(None, "nested", verdict)
        if most is not None and course.attempts >= most:
            return Step(None, "attempts", verdict)
        return course.plan(verdict)

    def succeed(self, course: Course, attempt: Attempt[Any]) -> None:
        """Take in a success after failures."""
        if self.breaker is not None and attempt.permit is not None:
            self.breaker.report_success(attempt.permit, self.clock() - attempt.began)
        if self.budget is not None:
            self.budget.refund(course.price)
        attempts, elapsed = course.attempts + 1, course.elapsed
        self.counter.succeed(attempts, elapsed)
        if self._listeners:
            tell_all(self._listeners, RetrySucceeded(self.policy.operation, attempts, elapsed))

    def report(self, permit: Permit | None, outcome: Outcome, began: float) -> None:
        """Tell the breaker what became of a permitted attempt."""
        if self.breaker is not None and permit is not None:
            self.breaker.report(permit, outcome, self.clock() - began)

    def _end(self, course: Course, error: Exception | None, step: Step) -> None:
        if error is not None:
            _add_note(error, course, step)
        if step.reason is not None:
            self._stop(course, step.reason, error, step.verdict)

    def _stop(
        self, course: Course | None, reason: StopReason, error: Exception | None, verdict: Verdict | None = None
    ) -> None:
        attempts = course.attempts if course else 0
        self.counter.fail(attempts)
        if self._listeners:
            name = _name_failure(error)
            kind, decision = (verdict.kind, verdict.decision_id) if verdict else (None, "")
            elapsed = course.elapsed if course else 0.0
            stopped = RetryStopped(self.policy.operation, attempts, reason, elapsed, name, kind, decision)
            tell_all(self._listeners, stopped)

    def _tell_wait(self, course: Course, name: str, step: Step) -> None:
        if self._listeners and step.wait is not None:
            verdict = step.verdict
            operation, attempts, elapsed = self.policy.operation, course.attempts, course.elapsed
            scheduled = RetryScheduled(operation, attempts, step.wait, elapsed, name, verdict.kind, verdict.decision_id)
            tell_all(self._listeners, scheduled)


_REASONS: dict[StopReason, str] = {
    "attempts": "no attempts are left",
    "budget": "the budget of retries is spent",
    "cancelled": "somebody cancelled it",
    "circuit_open": "the circuit breaker is open",
    "deadline": "the next wait would reach the deadline",
    "nested": "the retry around it decides",
    "non_retryable": "another attempt would not help",
}


def _forget_notes(error: Exception) -> None:
    """Take our earlier notes from an error object that is raised again and again."""
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, list):
        notes[:] = [note for note in notes if not str(note).startswith(_NOTE)]


def _survive(is_failure: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return the user's predicate, whose own fault must not turn a success into another call."""

    def is_bad(result: Any) -> bool:
        try:
            return bool(is_failure(result))
        except Exception:  # noqa: BLE001 - see above
            _log.exception("errclass.is_failure_failed")
            return False

    return is_bad


def _name_failure(error: Exception | None) -> str:
    return "result" if error is None else type(error).__qualname__


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
    with suppress(Exception):  # a stranger's object may refuse it
        _forget_notes(error)
        error.add_note(f"{_NOTE}{calls} in {round(course.elapsed, 3):g} s; {reason}{because}{decision}")
