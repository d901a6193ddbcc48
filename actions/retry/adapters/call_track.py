"""The calls that tenacity makes, or a library on top of it, each followed by a course of ours."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ..budget import RetryBudget
from ..course import Course, Step
from ..policy import RetryPolicy
from ..verdict import Verdict

if TYPE_CHECKING:
    from tenacity import RetryCallState

_ANOTHER = Verdict(retry=True)
"""Of a result that counts as a failure, and where the function itself asks for another attempt."""
_DONE = Step(None, None, Verdict(retry=False, outcome="success"))
_PASSED_ON = Step(None, "non_retryable", Verdict(retry=False, outcome="cancelled"))


class CallTrack:
    """Say what follows each attempt of each call; asked again about the same attempt it says the same."""

    def __init__(
        self,
        choose_policy: Callable[[RetryCallState], RetryPolicy],
        budget: RetryBudget | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._choose_policy = choose_policy
        self._budget = budget
        self._clock = clock
        self._draw = draw
        self._courses: WeakKeyDictionary[RetryCallState, Course] = WeakKeyDictionary()
        self._steps: WeakKeyDictionary[RetryCallState, tuple[int, Step]] = WeakKeyDictionary()

    def follow(self, state: RetryCallState) -> Step:
        """Return what follows the attempt that has just ended; paid for and counted once."""
        known = self._steps.get(state)
        if known is not None and known[0] == state.attempt_number:
            return known[1]
        step = self._take_step(state)
        self._steps[state] = (state.attempt_number, step)
        return step

    def _take_step(self, state: RetryCallState) -> Step:
        error = state.outcome.exception() if state.outcome is not None else None
        if error is None:
            return self._judge_result(state)
        if not isinstance(error, Exception):
            return _PASSED_ON
        if _asks_for_another(error):
            return self._repeat(state)
        course = self._find_course(state)
        return course.plan(course.judge(error))

    def _judge_result(self, state: RetryCallState) -> Step:
        is_failure = self._choose_policy(state).is_failure
        result = state.outcome.result() if state.outcome is not None else None
        if is_failure is not None and is_failure(result):
            return self._repeat(state)
        if self._budget is not None:
            course = self._courses.get(state)
            self._budget.refund(course.price if course else None)
        return _DONE

    def _repeat(self, state: RetryCallState) -> Step:
        course = self._find_course(state)
        course.attempts += 1
        return course.plan(_ANOTHER)

    def _find_course(self, state: RetryCallState) -> Course:
        course = self._courses.get(state)
        if course is None:
            started = self._clock() - (state.seconds_since_start or 0.0)
            policy = self._choose_policy(state)
            course = Course(policy, self._budget, started=started, clock=self._clock, draw=self._draw)
            self._courses[state] = course
        return course


def _asks_for_another(error: Exception) -> bool:
    """Tell whether it is tenacity's own way to ask for another attempt."""
    from tenacity import TryAgain

    return isinstance(error, TryAgain)
