"""Call functions and coroutines, and call them again while it is worth it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

from ...core.errors import UsageError
from .flow import Flow
from .naps import Naps
from .nesting import inside

P = ParamSpec("P")
T = TypeVar("T")


class Executor:
    """Try one operation again; safe to share between threads and tasks.

    Around each attempt is the circuit breaker, around the breaker the loop. Where nothing fails neither decider nor
    back-off is asked.
    """

    def __init__(self, flow: Flow, naps: Naps | None = None) -> None:
        self.flow = flow
        self._naps = naps or Naps()

    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function until it succeeds or another attempt is not worth it; then its own last error is raised.

        Raises CircuitOpenError, with the last error as its cause, where the breaker refuses an attempt. A result that
        ``is_failure`` finds bad is returned in the end.
        """
        flow = self.flow
        if flow.policy.attempt_timeout is not None:
            raise UsageError("attempt_timeout: a running function cannot be stopped; give timeouts to what it calls")
        nested, token, clock = inside.get(), inside.set(True), flow.clock
        breaker, is_failure = flow.breaker, flow.policy.is_failure
        started, course, last = clock(), None, None
        try:
            while True:
                permit = None if breaker is None else breaker.closed_permit or flow.enter(breaker, course, last)
                began = clock() if course else started
                try:
                    result = function(*args, **kwargs)
                except Exception as error:
                    course = course or flow.begin(started)
                    step = flow.fail(course, error, permit, began, nested=nested)
                    if step.wait is None:
                        raise
                    last = error
                except BaseException:
                    flow.report(permit, "cancelled", began)
                    raise
                else:
                    if is_failure is None or not is_failure(result):
                        flow.succeed(course, permit, began, started)
                        return result
                    course = course or flow.begin(started)
                    step = flow.dislike(course, permit, began, nested=nested)
                    if step.wait is None:
                        return result
                self._naps.wait(flow.policy.operation, course, step.wait)
        finally:
            inside.reset(token)
            last = None  # its traceback holds this frame: together they would be garbage that only a collector finds

    async def acall(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Await the coroutine function, likewise; an attempt longer than ``attempt_timeout`` is cancelled."""
        flow = self.flow
        nested, token, clock = inside.get(), inside.set(True), flow.clock
        breaker, is_failure = flow.breaker, flow.policy.is_failure
        started, course, last = clock(), None, None
        try:
            while True:
                permit = None if breaker is None else breaker.closed_permit or flow.enter(breaker, course, last)
                began = clock() if course else started
                try:
                    result = await self._attempt(function, args, kwargs)
                except Exception as error:
                    course = course or flow.begin(started)
                    step = flow.fail(course, error, permit, began, nested=nested)
                    if step.wait is None:
                        raise
                    last = error
                except BaseException:
                    flow.report(permit, "cancelled", began)
                    raise
                else:
                    if is_failure is None or not is_failure(result):
                        flow.succeed(course, permit, began, started)
                        return result
                    course = course or flow.begin(started)
                    step = flow.dislike(course, permit, began, nested=nested)
                    if step.wait is None:
                        return result
                await self._naps.await_(flow.policy.operation, course, step.wait)
        finally:
            inside.reset(token)
            last = None

    async def _attempt(self, function: Callable[..., Awaitable[T]], args: Any, kwargs: Any) -> T:
        limit = self.flow.policy.attempt_timeout
        if limit is None:
            return await function(*args, **kwargs)
        async with asyncio.timeout(limit):
            return await function(*args, **kwargs)
