"""Call functions and coroutines, and call them again while it is worth it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from types import CoroutineType
from typing import Any, ParamSpec, TypeVar

from ...core.errors import CircuitOpenError, UsageError
from ..breaker import Permit
from .attempt import Attempt
from .awaitables import refuse_coroutine
from .flow import Flow
from .naps import Naps
from .nesting import entered, inside, is_nested

P = ParamSpec("P")
T = TypeVar("T")


class Executor:
    """Try one operation again; safe to share between threads and tasks.

    Around each attempt is the circuit breaker, around the breaker the loop. ``wrap`` and ``awrap`` hold all that a call
    costs which succeeds at once. Only where it does not, the loop begins, and decider and back-off are asked.
    """

    def __init__(self, flow: Flow, naps: Naps | None = None, *, apart: bool = False) -> None:
        """Set it up; ``apart``: what lies between the attempts of a coroutine is done in a thread, as it takes long."""
        self.flow = flow
        self._naps = naps or Naps()
        self._apart = apart

    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function until it succeeds or another attempt is not worth it; then its own last error is raised.

        Raises CircuitOpenError, with the last error as its cause, where the breaker refuses an attempt. A result that
        ``is_failure`` finds bad is returned in the end.
        """
        return self.wrap(function)(*args, **kwargs)

    async def acall(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Await the coroutine function, likewise; an attempt that reaches its limit or the deadline is cancelled."""
        return await self.awrap(function)(*args, **kwargs)

    def resume(self, function: Callable[[], T], error: Exception) -> T:
        """Go on as ``call`` does with a function of which somebody else made the first call, which raised ``error``."""
        with entered(retries=self.flow.policy.retries) as nested:
            attempt: Attempt[T] = self._take_over(error)
            return self._go_on(function, (), {}, attempt, nested=nested)

    async def aresume(self, function: Callable[[], Awaitable[T]], error: Exception) -> T:
        """Go on with a coroutine function, likewise."""
        with entered(retries=self.flow.policy.retries) as nested:
            attempt: Attempt[T] = await self._arun(self._take_over, error)
            return await self._ago_on(function, (), {}, attempt, nested=nested)

    def wrap(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return a function that calls the given one as ``call`` does."""
        if self.flow.policy.attempt_timeout is not None:
            raise UsageError("attempt_timeout: a running function cannot be stopped; give timeouts to what it calls")
        # What a call needs that succeeds at once is at hand here, for that is what nearly all calls do.
        flow, is_failure, go_on = self.flow, self.flow.is_failure, self._go_on
        breaker, clock, succeed, enter, leave = flow.breaker, flow.clock, flow.succeed_at_once, inside.set, inside.reset
        retries = flow.policy.retries

        def retried(*args: P.args, **kwargs: P.kwargs) -> T:
            scope = [True]
            token = enter(scope) if retries else None
            result: Any = None
            failed: Exception | None = None
            try:
                permit = None if breaker is None else breaker.closed_permit or flow.enter(breaker, None, None)
                began = clock()
                try:
                    value = function(*args, **kwargs)
                    if value.__class__ is CoroutineType:
                        refuse_coroutine(value)
                    if is_failure is None or not is_failure(value):
                        succeed(permit, began)
                        return value
                    result = value
                except Exception as error:  # noqa: BLE001 - raised later: within its handling, it would be the next one's context
                    failed = error
                except BaseException:
                    flow.report(permit, "cancelled", began)
                    raise
                attempt: Attempt[T] = Attempt(permit, began, failed, result)
                del failed  # its traceback holds this frame: together they would be garbage that only a collector finds
                return go_on(function, args, kwargs, attempt, nested=is_nested(token))
            finally:
                scope.clear()
                if token is not None:
                    leave(token)

        return retried

    def awrap(self, function: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        """Return a coroutine function that awaits the given one as ``acall`` does."""
        flow, is_failure, go_on, limit = self.flow, self.flow.is_failure, self._ago_on, self.flow.policy.first_limit
        breaker, clock, succeed, enter, leave = flow.breaker, flow.clock, flow.succeed_at_once, inside.set, inside.reset
        retries = flow.policy.retries

        async def retried(*args: P.args, **kwargs: P.kwargs) -> T:
            scope = [True]
            token = enter(scope) if retries else None
            result: Any = None
            failed: Exception | None = None
            try:
                permit = None if breaker is None else breaker.closed_permit or flow.enter(breaker, None, None)
                began = clock()
                try:
                    call = function(*args, **kwargs)
                    value = await (call if limit is None else _limit_time(call, limit))
                    if is_failure is None or not is_failure(value):
                        succeed(permit, began)
                        return value
                    result = value
                except Exception as error:  # noqa: BLE001 - as above
                    failed = error
                except BaseException:
                    flow.report(permit, "cancelled", began)
                    raise
                attempt: Attempt[T] = Attempt(permit, began, failed, result)
                del failed
                return await go_on(function, args, kwargs, attempt, nested=is_nested(token))
            finally:
                scope.clear()
                if token is not None:
                    leave(token)

        return retried

    def _take_over(self, error: Exception) -> Attempt[Any]:
        """Return the attempt that somebody else made; it counts as one with a permit, where there would be one."""
        return Attempt(self._find_late_permit(), self.flow.clock(), error, None)

    def _find_late_permit(self) -> Permit | None:
        breaker = self.flow.breaker
        if breaker is None or breaker.time_left > 0:
            return None
        try:
            return breaker.acquire()
        except CircuitOpenError:
            return None

    async def _arun(self, work: Callable[..., T], *args: Any) -> T:
        if not self._apart:
            return work(*args)
        import asyncio  # whoever awaits has it already

        return await asyncio.to_thread(work, *args)

    def _go_on(self, function: Callable[..., T], args: Any, kwargs: Any, attempt: Attempt[T], *, nested: bool) -> T:
        """Decide about a failed attempt, and call again."""
        flow = self.flow
        course = flow.begin(attempt.began)
        try:
            while (wait := flow.settle(course, attempt, nested=nested)) is not None:
                with flow.waiting(course):
                    self._naps.wait(flow.policy.operation, course, wait)
                if course.cancelled:
                    flow.give_up(course, attempt.failed)
                    break
                flow.start(course, attempt)
                try:
                    attempt.result = function(*args, **kwargs)
                    if attempt.result.__class__ is CoroutineType:
                        refuse_coroutine(attempt.result)
                    if flow.is_failure is None or not flow.is_failure(attempt.result):
                        flow.succeed(course, attempt)
                        return attempt.result
                except Exception as error:  # noqa: BLE001 - as above
                    attempt.failed = error
                except BaseException:
                    flow.report(attempt.permit, "cancelled", attempt.began)
                    raise
            if attempt.failed is not None:
                raise attempt.failed
            return attempt.result
        finally:
            attempt.failed = None

    async def _ago_on(
        self, function: Callable[..., Awaitable[T]], args: Any, kwargs: Any, attempt: Attempt[T], *, nested: bool
    ) -> T:
        flow, settle = self.flow, partial(self.flow.settle, nested=nested)
        course = flow.begin(attempt.began)
        try:
            while (wait := await self._arun(settle, course, attempt)) is not None:
                with flow.waiting(course):
                    await self._naps.await_(flow.policy.operation, course, wait)
                if course.cancelled:
                    await self._arun(flow.give_up, course, attempt.failed)
                    break
                await self._arun(flow.start, course, attempt)
                try:
                    call = function(*args, **kwargs)
                    limit = course.limit_attempt()
                    attempt.result = await (call if limit is None else _limit_time(call, limit))
                    if flow.is_failure is None or not flow.is_failure(attempt.result):
                        await self._arun(flow.succeed, course, attempt)
                        return attempt.result
                except Exception as error:  # noqa: BLE001 - as above
                    attempt.failed = error
                except BaseException:
                    flow.report(attempt.permit, "cancelled", attempt.began)
                    raise
            if attempt.failed is not None:
                raise attempt.failed
            return attempt.result
        finally:
            attempt.failed = None


async def _limit_time(call: Awaitable[T], seconds: float) -> T:
    import asyncio  # whoever awaits has it already

    async with asyncio.timeout(seconds):
        return await call
