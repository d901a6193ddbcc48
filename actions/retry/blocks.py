"""A block of code that is tried again: ``for attempt in attempts: with attempt: ...``, also with ``async for``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from contextvars import Token
from types import TracebackType
from typing import Self

from .attempt import Attempt
from .course import Course
from .flow import Flow
from .naps import Naps
from .nesting import inside, is_nested


class BlockAttempt:
    """Guard one attempt of the block."""

    __slots__ = ("_attempt", "_flow", "_scope", "_token", "course", "number", "started", "wait")

    def __init__(self, flow: Flow, number: int, course: Course | None, started: float, last: Exception | None) -> None:
        self.number = number
        """Which attempt it is, from 1."""
        self.course = course
        self.started = started
        """When the first attempt was handed out."""
        self.wait: float | None = None
        """Seconds to wait before the next; None: there is none."""
        self._flow = flow
        self._attempt = Attempt[None](None, started, last, None)
        self._scope: list[bool] = []
        self._token: Token[list[bool]] | None = None

    def __enter__(self) -> Self:
        self._flow.start(self.course, self._attempt)
        if self._flow.policy.retries:
            self._scope.append(True)
            self._token = inside.set(self._scope)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        nested = is_nested(self._token)
        self._leave()
        if isinstance(error, Exception):
            return self._fail(error, nested=nested)
        if error is not None:
            self._flow.report(self._attempt.permit, "cancelled", self._attempt.began)
        elif self.course is None:
            self._flow.succeed_at_once(self._attempt.permit, self.started)
        else:
            self._flow.succeed(self.course, self._attempt)
        return False

    def follow(self) -> BlockAttempt:
        """Return the next attempt; raises the error of this one where somebody cancelled the wait after it."""
        failed = self._attempt.failed
        try:
            if self.course is not None and self.course.cancelled and failed is not None:
                self._flow.give_up(self.course, failed)
                raise failed
            return BlockAttempt(self._flow, self.number + 1, self.course, self.started, failed)
        finally:
            self.wait = None
            self._attempt.failed = failed = None

    def abandon(self) -> None:
        """Let go of a failure after which the loop was left, and of what its next attempt was to cost."""
        if self.wait is not None and self.course is not None:
            self.course.take_back()
        self._attempt.failed = None  # it holds the frame that holds this

    def _leave(self) -> None:
        self._scope.clear()
        if self._token is not None:
            with suppress(ValueError):  # a generator may end in another context than it began in
                inside.reset(self._token)

    def _fail(self, error: Exception, *, nested: bool) -> bool:
        """Say whether the block is to be tried again, and the error with that taken care of."""
        self.course = self.course or self._flow.begin(self.started)
        self._attempt.failed = error
        try:
            self.wait = self._flow.settle(self.course, self._attempt, nested=nested)
        finally:
            if self.wait is None:
                self._attempt.failed = None
        return self.wait is not None


class BlockAttempts:
    """Hand out attempts until one succeeds; the last error leaves its block where another is not worth it."""

    def __init__(self, flow: Flow, naps: Naps | None = None) -> None:
        self._flow = flow
        self._naps = naps or Naps()

    def __iter__(self) -> Iterator[BlockAttempt]:
        attempt, operation = self._begin(), self._flow.policy.operation
        try:
            yield attempt
            while attempt.wait is not None and attempt.course is not None:
                self._naps.wait(operation, attempt.course, attempt.wait)
                attempt = attempt.follow()
                yield attempt
        finally:
            attempt.abandon()

    async def __aiter__(self) -> AsyncIterator[BlockAttempt]:
        attempt, operation = self._begin(), self._flow.policy.operation
        try:
            yield attempt
            while attempt.wait is not None and attempt.course is not None:
                await self._naps.await_(operation, attempt.course, attempt.wait)
                attempt = attempt.follow()
                yield attempt
        finally:
            attempt.abandon()

    def _begin(self) -> BlockAttempt:
        return BlockAttempt(self._flow, 1, None, self._flow.clock(), None)
