"""What every request has to pass before anything is made of it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from ..system.settings import ServeSettings
from ..system.tracing import Attributes, open_span
from .bodies import Message, Receive, check_depth, discard_body, read_body
from .callers import ANYBODY, Caller, CallerDesk
from .hosts import HostList
from .problem import INNER_FAULT, MEDIA_TYPE, REFUSAL, Problem, RefusalError
from .rates import TokenBuckets
from .request_meter import METHODS, NO_ROUTE, Exchange, RequestMeter

_log = logging.getLogger("errclass")
Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
PROBE = "/health/live"
"""Answered whatever else is going on: whoever asks too much must not have the service restarted."""
_HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_CLOSING = ((b"connection", b"close"),)
_SKIP_SECONDS = 2.0
_FAULTS = 500
"""From this status on it is the service that failed."""
_BODIED = frozenset({"POST"})  # no route takes a body by another method


class Gate:
    """Let requests through to ``inner`` that come from the right place, by the right name, and within the limits.

    What is refused is told as a problem document. Each request is logged as ``errclass.request``, and told to the
    meter, by its route and never by what it says.
    """

    def __init__(
        self,
        inner: Application,
        desk: CallerDesk,
        hosts: HostList,
        settings: ServeSettings,
        *,
        meter: RequestMeter | None = None,
    ) -> None:
        self._inner, self._desk, self._hosts, self._settings = inner, desk, hosts, settings
        self._meter = meter
        self._buckets = TokenBuckets(settings.rate, settings.burst)
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of ASGI."""
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(dict(scope), receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer, method, started = _Answer(send), scope["method"], time.perf_counter()
        if self._meter:
            self._meter.begin()
        try:
            with open_span("errclass.request", serves=True) as span:
                await self._answer_or_refuse(scope, _Body(receive), answer)
                span.tell(lambda: _describe(_sum_up(scope, method, answer, started)))
        finally:
            exchange = _sum_up(scope, method, answer, started)
            _tell(exchange, scope)
            if self._meter:
                self._meter.end(exchange)

    async def _answer_or_refuse(self, scope: Scope, body: _Body, answer: _Answer) -> None:
        try:
            await self._admit(scope, body, answer)
        except RefusalError as error:
            answer.closes = not await body.skip(scope)
            await _refuse(answer, error.problem)
        except TimeoutError:
            await _refuse(answer, _describe_timeout(self._settings.request_timeout))
        except Exception:  # noqa: BLE001 - the rim: no request may end the service
            _log.exception("errclass.inner_fault")
            await _refuse(answer, INNER_FAULT)

    async def _admit(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        headers = _read_headers(scope)
        _check_framing(headers)
        self._hosts.check_host(headers.get(b"host"))
        self._hosts.check_origin(headers.get(b"origin"), headers.get(b"sec-fetch-site"), headers[b"host"])
        if scope["path"] == PROBE:
            await self._answer(scope, receive, answer)
            return
        caller = self._identify(scope, headers)
        scope["state"] = {**scope.get("state", {}), "caller": caller}
        if scope["method"] in _BODIED:
            caller.require_any()
        with self._count():
            await self._answer(scope, await self._take_in(scope, receive, headers), answer)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        if scope["method"] == "HEAD":  # the server leaves the body out
            scope["method"] = "GET"
        async with asyncio.timeout(self._settings.request_timeout):
            await self._inner(scope, receive, answer)

    def _identify(self, scope: Scope, headers: dict[bytes, str]) -> Caller:
        """Return the caller; whoever tries keys is slowed down like anybody else."""
        address = (scope.get("client") or ("-",))[0]
        try:
            caller = self._desk.identify(headers.get(b"authorization"))
        except RefusalError:
            self._take_token(f"address {address}")
            raise
        self._take_token(f"address {address}" if caller.name == ANYBODY.name else caller.name)
        return caller

    def _take_token(self, name: str) -> None:
        wait = self._buckets.take(name)
        if wait:
            raise RefusalError(_describe_rate(wait, self._settings.rate))

    @contextmanager
    def _count(self) -> Iterator[None]:
        if self._under_way >= self._settings.concurrent:
            raise RefusalError(_BUSY)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def _take_in(self, scope: Scope, receive: Receive, headers: dict[bytes, str]) -> Receive:
        """Return a ``receive`` that hands out the body, which has been read and looked at."""
        if scope["method"] not in _BODIED:
            return receive
        _check_content(headers)
        settings = self._settings
        body = await read_body(
            receive, headers.get(b"content-length"), limit=settings.body_bytes, seconds=settings.read_timeout
        )
        check_depth(body, settings.depth)
        return _replay(body, receive)


class _Body:
    """Hand on the messages of a request, and know whether all of its body was taken."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._complete = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._complete = self._complete or not message.get("more_body", False)
        return message

    async def skip(self, scope: Scope) -> bool:
        """Read the rest of the body, within bounds; tell whether a further request may follow."""
        if self._complete or scope["method"] not in _BODIED:
            return True
        if any(name == b"expect" for name, _ in scope["headers"]):  # who waits for our word sends nothing without it
            return False
        return await discard_body(self, seconds=_SKIP_SECONDS)


class _Answer:
    """Send an answer on, with the headers that all have, and know how far it is."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.refusal = ""
        self.closes = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            closing = _CLOSING if self.closes else ()
            message = {**message, "headers": [*message.get("headers", ()), *_HEADERS, *closing]}
        await self._send(message)


async def _refuse(answer: _Answer, problem: Problem) -> None:
    """Send a problem document; once an answer has begun there is nothing left to say, and the server cuts it."""
    answer.refusal = problem.kind
    if answer.status:
        return
    body = json.dumps(problem.to_dict(), separators=(",", ":")).encode()
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **problem.list_headers()}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await answer({"type": "http.response.start", "status": problem.status, "headers": encoded})
    await answer({"type": "http.response.body", "body": body})


def _read_headers(scope: Scope) -> dict[bytes, str]:
    """Return the headers; of one that comes twice both, so that it is no value that anything takes."""
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def _check_framing(headers: dict[bytes, str]) -> None:
    """Refuse a request of two lengths: a proxy may end it elsewhere than we do (RFC 9112 6.1)."""
    if b"transfer-encoding" in headers and b"content-length" in headers:
        raise RefusalError(_TWO_LENGTHS)


def _check_content(headers: dict[bytes, str]) -> None:
    kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusalError(_WRONG_CONTENT)
    if headers.get(b"content-encoding", "identity").lower() != "identity":
        raise RefusalError(_ENCODED)


def _replay(body: bytes, receive: Receive) -> Receive:
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return left.pop() if left else await receive()

    return replay


def _sum_up(scope: Scope, method: str, answer: _Answer, started: float) -> Exchange:
    route = getattr(scope.get("route"), "path", NO_ROUTE)
    refusal = answer.refusal or scope.get("state", {}).get(REFUSAL, "")
    return Exchange(route, method, answer.status, time.perf_counter() - started, refusal)


def _tell(exchange: Exchange, scope: Scope) -> None:
    caller = scope.get("state", {}).get("caller", ANYBODY).name
    told = (exchange.method, exchange.route, exchange.status, exchange.seconds * 1000, caller)
    _log.info("errclass.request: %s %s %d in %.1f ms by %s", *told)


def _describe(exchange: Exchange) -> Attributes:
    """Return what a span says of a request, by the semantic conventions for HTTP servers."""
    return {
        "http.request.method": exchange.method if exchange.method in METHODS else "_OTHER",
        "http.route": exchange.route if exchange.route != NO_ROUTE else None,
        "http.response.status_code": exchange.status or None,
        "errclass.refusal": exchange.refusal or None,
        "error.type": str(exchange.status) if exchange.status >= _FAULTS else None,
    }


def _describe_rate(wait: float, rate: float) -> Problem:
    detail = f"more than {rate:g} requests a second"
    return Problem("too-many", 429, detail, "wait, and send fewer; the limit is serve.rate", retry_after=wait)


def _describe_timeout(seconds: float) -> Problem:
    advice = "try again; the limit is the setting serve.request_timeout"
    return Problem("timed-out", 503, f"no answer within {seconds:g} s", advice, retry_after=1)


_TWO_LENGTHS = Problem(
    "bad-request",
    400,
    "the request has both Content-Length and Transfer-Encoding",
    "send one of them",
    headers={"connection": "close"},
)
_BUSY = Problem("busy", 503, "too many requests at a time", "try again; the limit is serve.concurrent", retry_after=1)
_WRONG_CONTENT = Problem(
    "wrong-content",
    415,
    "the body is not declared as JSON",
    "send the header 'Content-Type: application/json'",
)
_ENCODED = Problem("encoded", 415, "the body is compressed", "send it as it is")
