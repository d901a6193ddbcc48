"""A block of code that is tried again: ``for attempt in attempts: with attempt: ...``, also with ``async for``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextvars import Token
from types import TracebackType
from typing import Self

from .attempt import Attempt
from .course import Course
from .flow import Flow
from .naps import Naps
from .nesting import inside


class BlockAttempt:
    """Guard one attempt of the block."""

    __slots__ = ("_attempt", "_flow", "_started", "_token", "course", "number", "wait")

    def __init__(self, flow: Flow, number: int, course: Course | None, started: float) -> None:
        self.number = number
        """Which attempt it is, from 1."""
        self.course = course
        self.wait: float | None = None
        """Seconds to wait before the next; None: there is none."""
        self._flow = flow
        self._started = started
        self._attempt = Attempt[None](None, started, None, None)
        self._token: Token[bool] | None = None

    def __enter__(self) -> Self:
        flow, attempt = self._flow, self._attempt
        if flow.breaker is not None:
            attempt.permit = flow.breaker.closed_permit or flow.enter(flow.breaker, self.course, None)
        self._token = inside.set(True)
        attempt.began = flow.clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        nested = self._leave()
        if isinstance(error, Exception):
            return self._fail(error, nested=nested)
        if error is not None:
            self._flow.report(self._attempt.permit, "cancelled", self._attempt.began)
        elif self.course is None:
            self._flow.succeed_at_once(self._attempt.permit, self._started)
        else:
            self._flow.succeed(self.course, self._attempt)
        return False

    def _leave(self) -> bool:
        """Return whether another executor's attempt runs around the block."""
        if self._token is None:
            return False
        inside.reset(self._token)
        return self._token.old_value is True

    def _fail(self, error: Exception, *, nested: bool) -> bool:
        """Say whether the block is to be tried again, and the error with that taken care of."""
        self.course = self.course or self._flow.begin(self._started)
        self._attempt.failed = error
        try:
            self.wait = self._flow.settle(self.course, self._attempt, nested=nested)
        finally:
            if self.wait is None:
                self.forget_error()
        return self.wait is not None

    def stop_if_cancelled(self) -> None:
        """Raise the block's error where somebody cancelled the wait after it."""
        if self.course is not None and self.course.cancelled and self._attempt.failed is not None:
            self._flow.give_up(self.course, self._attempt.failed)
            raise self._attempt.failed

    def forget_error(self) -> None:
        """Let go of the block's error: it holds the frame that holds this."""
        self._attempt.failed = None


class BlockAttempts:
    """Hand out attempts until one succeeds; the last error leaves its block where another is not worth it."""

    def __init__(self, flow: Flow, naps: Naps | None = None) -> None:
        self._flow = flow
        self._naps = naps or Naps()

    def __iter__(self) -> Iterator[BlockAttempt]:
        course, started, number = None, self._flow.clock(), 0
        while True:
            number += 1
            attempt = BlockAttempt(self._flow, number, course, started)
            yield attempt
            course = attempt.course
            if attempt.wait is None or course is None:
                return
            try:
                self._naps.wait(self._flow.policy.operation, course, attempt.wait)
                attempt.stop_if_cancelled()
            finally:
                attempt.forget_error()

    async def __aiter__(self) -> AsyncIterator[BlockAttempt]:
        course, started, number = None, self._flow.clock(), 0
        while True:
            number += 1
            attempt = BlockAttempt(self._flow, number, course, started)
            yield attempt
            course = attempt.course
            if attempt.wait is None or course is None:
                return
            try:
                await self._naps.await_(self._flow.policy.operation, course, attempt.wait)
                attempt.stop_if_cancelled()
            finally:
                attempt.forget_error()
