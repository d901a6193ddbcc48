"""What every request has to pass before anything is made of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..system.settings import ServeSettings
from ..system.tracing import Attributes, open_span
from .bodies import Message, Receive, check_depth, discard_body, read_body
from .callers import ANYBODY, Caller, CallerDesk
from .doors import ApiDoor, Application, Door, Headers, Scope, Send
from .hosts import HostList
from .problem import INNER_FAULT, REFUSAL, Problem, RefusalError
from .rates import TokenBuckets
from .request_meter import METHODS, NO_ROUTE, Exchange, RequestMeter

_log = logging.getLogger("errclass")
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

    ``doors`` lead to further applications. What is refused is told as a problem document, or as the door tells it. Each
    request is logged as ``errclass.request``, and told to the meter, by its route and never by what it says.
    """

    def __init__(
        self,
        inner: Application,
        desk: CallerDesk,
        hosts: HostList,
        settings: ServeSettings,
        *doors: Door,
        meter: RequestMeter | None = None,
    ) -> None:
        self._hosts, self._settings = hosts, settings
        self._doors: tuple[Door, ...] = (*doors, ApiDoor(inner, desk))
        self._meter = meter
        self._buckets = TokenBuckets(settings.rate, settings.burst)
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of ASGI."""
        if scope["type"] == "lifespan":
            await self._doors[-1].application(scope, receive, send)
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
        door = next(door for door in self._doors if door.leads(scope["path"]))
        try:
            await self._admit(scope, body, answer, door)
        except RefusalError as error:
            answer.closes = not await body.skip(scope)
            await _refuse(answer, error.problem, door)
        except TimeoutError:
            await _refuse(answer, _describe_timeout(self._settings.request_timeout), door)
        except Exception:  # noqa: BLE001 - the rim: no request may end the service
            _log.exception("errclass.inner_fault")
            await _refuse(answer, INNER_FAULT, door)

    async def _admit(self, scope: Scope, receive: Receive, answer: _Answer, door: Door) -> None:
        headers = _read_headers(scope)
        _check_framing(headers)
        self._hosts.check_host(headers.get(b"host"))
        door.check_origin(scope["method"], headers, self._hosts)
        if scope["path"] == PROBE:
            await self._answer(scope, receive, answer, door)
            return
        caller = self._identify(scope, headers, door)
        scope["state"] = {**scope.get("state", {}), "caller": caller}
        if scope["method"] in _BODIED:
            door.check_body(scope["path"], headers, caller)
        with self._count():
            await self._answer(scope, await self._take_in(scope, receive, headers), answer, door)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer, door: Door) -> None:
        if scope["method"] == "HEAD":  # the server leaves the body out
            scope["method"] = "GET"
        async with asyncio.timeout(self._settings.request_timeout):
            await door.application(scope, receive, answer)

    def _identify(self, scope: Scope, headers: Headers, door: Door) -> Caller:
        """Return the caller; whoever tries keys is slowed down like anybody else."""
        address = (scope.get("client") or ("-",))[0]
        try:
            caller = door.identify(headers)
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

    async def _take_in(self, scope: Scope, receive: Receive, headers: Headers) -> Receive:
        """Return a ``receive`` that hands out the body, which has been read and looked at."""
        if scope["method"] not in _BODIED:
            return receive
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
            given = list(message.get("headers", ()))
            named = {name for name, _ in given}
            ours = [pair for pair in _HEADERS if pair[0] not in named]  # what never changes may be kept
            message = {**message, "headers": [*given, *ours, *(_CLOSING if self.closes else ())]}
        await self._send(message)


async def _refuse(answer: _Answer, problem: Problem, door: Door) -> None:
    """Tell a problem; once an answer has begun there is nothing left to say, and the server cuts it."""
    answer.refusal = problem.kind
    if answer.status:
        return
    told, body = door.write(problem)
    headers = {**told, "content-length": str(len(body)), **problem.list_headers()}
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
