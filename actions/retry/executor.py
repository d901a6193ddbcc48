"""Call functions and coroutines, and call them again while it is worth it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from ...core.errors import CircuitOpenError, UsageError
from ..breaker import CircuitBreaker, Outcome, Permit
from .budget import RetryBudget
from .course import Course, Step
from .events import RetryEvent, RetryScheduled, RetryStopped, RetrySucceeded, StopReason
from .mode import current_mode
from .naps import Naps
from .policy import RetryPolicy
from .statistics import CallCounter
from .verdict import Verdict

P = ParamSpec("P")
T = TypeVar("T")

Listener = Callable[[RetryEvent], None]

_inside: ContextVar[bool] = ContextVar("errclass_retrying", default=False)
"""Whether an attempt of another executor runs around this call: then that one tries again, and this one does not."""
_BAD_RESULT = Verdict(retry=True)


class Executor:
    """Try one operation again by one policy; safe to share between threads and tasks.

    Around each attempt is the circuit breaker, around the breaker the loop. Where nothing fails neither decider nor
    back-off is asked. ``clock`` and ``draw`` are for tests.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        *,
        breaker: CircuitBreaker | None = None,
        budget: RetryBudget | None = None,
        counter: CallCounter | None = None,
        naps: Naps | None = None,
        listeners: tuple[Listener, ...] = (),
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.policy = policy
        self.breaker = breaker
        self.budget = budget
        self.counter = counter or CallCounter()
        self._naps = naps or Naps()
        self._listeners = listeners
        self._clock = clock
        self._draw = draw

    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function until it succeeds or another attempt is not worth it; then its own last error is raised.

        Raises CircuitOpenError, with the last error as its cause, where the breaker refuses an attempt. A result that
        ``is_failure`` finds bad is returned in the end.
        """
        if self.policy.attempt_timeout is not None:
            raise UsageError("attempt_timeout: a running function cannot be stopped; give timeouts to what it calls")
        nested, token, clock = _inside.get(), _inside.set(True), self._clock
        started, course, last = clock(), None, None
        try:
            while True:
                permit = self._enter(course, last)
                began = clock()
                try:
                    result = function(*args, **kwargs)
                except Exception as error:
                    course = course or self._begin(started)
                    step = self._fail(course, error, permit, began, nested=nested)
                    if step.wait is None:
                        raise
                    last = error
                except BaseException:
                    self._report(permit, "cancelled", began)
                    raise
                else:
                    if self.policy.is_failure is None or not self.policy.is_failure(result):
                        self._succeed(course, permit, began, started)
                        return result
                    course = course or self._begin(started)
                    step = self._dislike(course, permit, began, nested=nested)
                    if step.wait is None:
                        return result
                self._naps.wait(self.policy.operation, course, step.wait)
        finally:
            _inside.reset(token)
            last = None  # its traceback holds this frame: together they would be garbage that only a collector finds

    async def acall(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Await the coroutine function, likewise; an attempt that takes longer than ``attempt_timeout`` is cancelled."""
        nested, token, clock = _inside.get(), _inside.set(True), self._clock
        started, course, last = clock(), None, None
        try:
            while True:
                permit = self._enter(course, last)
                began = clock()
                try:
                    result = await self._attempt(function, args, kwargs)
                except Exception as error:
                    course = course or self._begin(started)
                    step = self._fail(course, error, permit, began, nested=nested)
                    if step.wait is None:
                        raise
                    last = error
                except BaseException:
                    self._report(permit, "cancelled", began)
                    raise
                else:
                    if self.policy.is_failure is None or not self.policy.is_failure(result):
                        self._succeed(course, permit, began, started)
                        return result
                    course = course or self._begin(started)
                    step = self._dislike(course, permit, began, nested=nested)
                    if step.wait is None:
                        return result
                await self._naps.await_(self.policy.operation, course, step.wait)
        finally:
            _inside.reset(token)
            last = None

    async def _attempt(self, function: Callable[..., Awaitable[T]], args: Any, kwargs: Any) -> T:
        limit = self.policy.attempt_timeout
        if limit is None:
            return await function(*args, **kwargs)
        async with asyncio.timeout(limit):
            return await function(*args, **kwargs)

    def _enter(self, course: Course | None, last: Exception | None) -> Permit | None:
        """Return the breaker's permit for the next attempt; raises CircuitOpenError where it gives none."""
        if self.breaker is None:
            return None
        try:
            return self.breaker.acquire()
        except CircuitOpenError as error:
            self._stop(course, "circuit_open", error)
            if last is None:
                raise
            raise error from last

    def _begin(self, started: float) -> Course:
        return Course(self.policy, self.budget, started=started, clock=self._clock, draw=self._draw)

    def _fail(self, course: Course, error: Exception, permit: Permit | None, began: float, *, nested: bool) -> Step:
        verdict = course.judge(error)
        self._report(permit, verdict.outcome, began)
        step = self._choose(course, verdict, nested=nested)
        if step.reason is not None:
            _add_note(error, course, step)
            self._stop(course, step.reason, error, verdict)
        else:
            self._tell_wait(course, type(error).__qualname__, step)
        return step

    def _dislike(self, course: Course, permit: Permit | None, began: float, *, nested: bool) -> Step:
        """Take in a result that counts as a failure."""
        course.attempts += 1
        self._report(permit, "failure", began)
        step = self._choose(course, _BAD_RESULT, nested=nested)
        if step.reason is not None:
            self._stop(course, step.reason, None)
        else:
            self._tell_wait(course, "result", step)
        return step

    def _choose(self, course: Course, verdict: Verdict, *, nested: bool) -> Step:
        most = current_mode().attempts
        if nested:
            return Step(None, "nested", verdict)
        if most is not None and course.attempts >= most:
            return Step(None, "attempts", verdict)
        return course.plan(verdict)

    def _succeed(self, course: Course | None, permit: Permit | None, began: float, started: float) -> None:
        self._report(permit, "success", began)
        attempts = 1 if course is None else course.attempts + 1
        if self.budget is not None:
            self.budget.refund(None if course is None else course.price)
        elapsed = self._clock() - started
        self.counter.succeed(attempts, elapsed)
        if course is not None and self._listeners:
            self._tell(RetrySucceeded(self.policy.operation, attempts, elapsed))

    def _report(self, permit: Permit | None, outcome: Outcome, began: float) -> None:
        if self.breaker is not None and permit is not None:
            self.breaker.report(permit, outcome, self._clock() - began)

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
            self._tell(
                RetryScheduled(operation, attempts, step.wait, elapsed, name, verdict.kind, verdict.decision_id)
            )

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
    if step.reason == "nested" or (step.reason == "non_retryable" and course.attempts == 1 and not step.verdict.because):
        return
    calls = "1 attempt" if course.attempts == 1 else f"{course.attempts} attempts"
    decision = f", decision {step.verdict.decision_id}" if step.verdict.decision_id else ""
    because = f": {step.verdict.because}" if step.verdict.because else ""
    reason = _REASONS[step.reason or "attempts"]
    error.add_note(f"errclass: {calls} in {course.elapsed:.3g} s; {reason}{because}{decision}")
