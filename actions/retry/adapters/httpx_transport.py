"""Transports of httpx that send a request again where that is safe and worth it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ...breaker import CircuitBreaker
from ..blocks import BlockAttempt, BlockAttempts
from ..budget import RetryBudget
from ..flow import Flow
from ..naps import Naps
from ..policy import RetryPolicy
from .libraries import import_library
from .responses import (
    HTTP_POLICY,
    RETRIED_STATUSES,
    BadResponseError,
    decide_unrepeatable,
    is_repeatable,
    refuse_bad,
    tell_cancelled,
)

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport, BaseTransport, Request, Response
else:
    AsyncBaseTransport = BaseTransport = object  # httpx looks at methods, not at classes


class _Loops:
    """Make the loops of attempts of one transport."""

    def __init__(
        self, policy: RetryPolicy, breaker: CircuitBreaker | None, budget: RetryBudget | None, naps: Naps | None
    ) -> None:
        self._naps = naps
        self._repeatable = Flow(policy, breaker=breaker, budget=budget)
        self._once = Flow(decide_unrepeatable(policy), breaker=breaker, budget=budget, counter=self._repeatable.counter)

    def open(self, request: Request) -> BlockAttempts:
        return BlockAttempts(self._repeatable if is_repeatable(request) else self._once, self._naps)


class RetryTransport(BaseTransport):
    """Wrap a transport of httpx: ``httpx.Client(transport=RetryTransport())``.

    A request is sent again after one of ``statuses``, not before its Retry-After, and after errors of the network; only
    where its method is idempotent (or has an ``Idempotency-Key``) and its body is no stream, or where nothing was sent.
    A response that is not returned is closed. In the end the last response is returned, or the last error raised;
    raises CircuitOpenError where ``breaker`` refuses, and httpx.HTTPStatusError where the wait after a bad response is
    cancelled. ``policy`` is best a ``dataclasses.replace`` of ``HTTP_POLICY``.
    Raises MissingExtraError where httpx is not installed.
    """

    def __init__(
        self,
        inner: BaseTransport | None = None,
        *,
        policy: RetryPolicy = HTTP_POLICY,
        statuses: AbstractSet[int] = RETRIED_STATUSES,
        breaker: CircuitBreaker | None = None,
        budget: RetryBudget | None = None,
        naps: Naps | None = None,
    ) -> None:
        self._inner: BaseTransport = import_library("httpx").HTTPTransport() if inner is None else inner
        self._statuses = statuses
        self._loops = _Loops(policy, breaker, budget, naps)

    def handle_request(self, request: Request) -> Response:
        """Send a request, again where it is worth it."""
        try:
            return self._send(request)
        except BadResponseError as error:
            raise tell_cancelled(error.response, request) from None

    def _send(self, request: Request) -> Response:
        for attempt in self._loops.open(request):
            response = self._try(attempt, request)
            if response is not None:
                if attempt.wait is None:
                    return response
                response.close()
        raise AssertionError  # the last attempt returns or raises

    def _try(self, attempt: BlockAttempt, request: Request) -> Response | None:
        """Return the response, good or bad; None where there is none and another attempt follows."""
        response: Response | None = None
        try:
            with attempt:
                response = self._inner.handle_request(request)
                refuse_bad(response, self._statuses)
        except BadResponseError:
            pass  # no other attempt follows
        except BaseException:
            if response is not None:
                response.close()  # nobody else knows of it: its connection would be taken for ever
            raise
        return response

    def close(self) -> None:
        """Close the transport within."""
        self._inner.close()

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._inner.__exit__(kind, error, trace)


class AsyncRetryTransport(AsyncBaseTransport):
    """Wrap an asynchronous transport of httpx, likewise: ``httpx.AsyncClient(transport=AsyncRetryTransport())``."""

    def __init__(
        self,
        inner: AsyncBaseTransport | None = None,
        *,
        policy: RetryPolicy = HTTP_POLICY,
        statuses: AbstractSet[int] = RETRIED_STATUSES,
        breaker: CircuitBreaker | None = None,
        budget: RetryBudget | None = None,
        naps: Naps | None = None,
    ) -> None:
        self._inner: AsyncBaseTransport = import_library("httpx").AsyncHTTPTransport() if inner is None else inner
        self._statuses = statuses
        self._loops = _Loops(policy, breaker, budget, naps)

    async def handle_async_request(self, request: Request) -> Response:
        """Send a request, again where it is worth it."""
        try:
            return await self._send(request)
        except BadResponseError as error:
            raise tell_cancelled(error.response, request) from None

    async def _send(self, request: Request) -> Response:
        async for attempt in self._loops.open(request):
            response = await self._try(attempt, request)
            if response is not None:
                if attempt.wait is None:
                    return response
                await response.aclose()
        raise AssertionError  # the last attempt returns or raises

    async def _try(self, attempt: BlockAttempt, request: Request) -> Response | None:
        """Return the response, likewise."""
        response: Response | None = None
        try:
            with attempt:
                response = await self._inner.handle_async_request(request)
                refuse_bad(response, self._statuses)
        except BadResponseError:
            pass  # as above
        except BaseException:
            if response is not None:
                await response.aclose()
            raise
        return response

    async def aclose(self) -> None:
        """Close the transport within."""
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)
