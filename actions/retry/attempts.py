"""A block of code that is tried again: ``for attempt in attempts: with attempt: ...``, also with ``async for``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextvars import Token
from types import TracebackType
from typing import Literal, Self

from ..breaker import Permit
from .course import Course, Step
from .flow import Flow
from .naps import Naps
from .nesting import inside


class BlockAttempt:
    """Guard one attempt of the block."""

    def __init__(self, flow: Flow, number: int, course: Course | None, started: float) -> None:
        self.number = number
        """Which attempt it is, from 1."""
        self.course = course
        self.step: Step | None = None
        """What follows, once the block has failed."""
        self._flow = flow
        self._started = started
        self._began = 0.0
        self._permit: Permit | None = None
        self._token: Token[bool] | None = None
        self._nested = False

    def __enter__(self) -> Self:
        flow = self._flow
        if flow.breaker is not None:
            self._permit = flow.breaker.closed_permit or flow.enter(flow.breaker, self.course, None)
        self._nested, self._token = inside.get(), inside.set(True)
        self._began = flow.clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[True] | None:
        flow = self._flow
        if self._token is not None:
            inside.reset(self._token)
        if error is None:
            flow.succeed(self.course, self._permit, self._began, self._started)
            return None
        if not isinstance(error, Exception):
            flow.report(self._permit, "cancelled", self._began)
            return None
        self.course = self.course or flow.begin(self._started)
        self.step = flow.fail(self.course, error, self._permit, self._began, nested=self._nested)
        return None if self.step.wait is None else True


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
            if attempt.step is None or attempt.step.wait is None or course is None:
                return
            self._naps.wait(self._flow.policy.operation, course, attempt.step.wait)

    async def __aiter__(self) -> AsyncIterator[BlockAttempt]:
        course, started, number = None, self._flow.clock(), 0
        while True:
            number += 1
            attempt = BlockAttempt(self._flow, number, course, started)
            yield attempt
            course = attempt.course
            if attempt.step is None or attempt.step.wait is None or course is None:
                return
            await self._naps.await_(self._flow.policy.operation, course, attempt.step.wait)
