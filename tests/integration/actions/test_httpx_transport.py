"""Requests of httpx to a real server are sent again where that is safe and worth it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from support.http_server import Answer, Server, serve

from errclass.actions.breaker import BreakerOptions, CircuitBreaker, Consecutive
from errclass.actions.retry import Backoff, BudgetOptions, Naps, RetryBudget
from errclass.actions.retry.adapters import HTTP_POLICY, AsyncRetryTransport, RetryTransport
from errclass.core.errors import CircuitOpenError, MissingExtraError
from errclass.system.retry_decider import RetryDecider
from errclass.testing import FakeClock

STEADY = replace(HTTP_POLICY, backoff=Backoff("fixed", base=1, jitter="none"), retry_after_jitter=0)
Send = Callable[..., httpx.Response]


class Watched(httpx.HTTPTransport):
    """Keep the responses that went through."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[httpx.Response] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(super().handle_request(request))
        return self.seen[-1]


class AsyncWatched(httpx.AsyncHTTPTransport):
    """Likewise."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[httpx.Response] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(await super().handle_async_request(request))
        return self.seen[-1]


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on the loopback address."""
    with serve() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    """A clock that waits put forward."""
    return FakeClock()


@pytest.fixture
def seen() -> list[httpx.Response]:
    """Return the responses that came, in order."""
    return []


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest, clock: FakeClock, seen: list[httpx.Response]) -> Send:
    """Send a request by a client of one of the two kinds."""

    def send_it(
        method: str, url: str, *, policy: Any = STEADY, options: dict[str, Any] | None = None, **what: Any
    ) -> httpx.Response:
        inner = Watched()
        chosen = {"policy": policy, "naps": Naps(sleep=clock.sleep)} | (options or {})
        try:
            with httpx.Client(transport=RetryTransport(inner, **chosen)) as client:
                return client.request(method, url, **what)
        finally:
            seen.extend(inner.seen)

    async def send_later(
        method: str, url: str, *, policy: Any = STEADY, options: dict[str, Any] | None = None, **what: Any
    ) -> httpx.Response:
        inner = AsyncWatched()
        chosen = {"policy": policy, "naps": Naps(asleep=clock.asleep)} | (options or {})
        try:
            async with httpx.AsyncClient(transport=AsyncRetryTransport(inner, **chosen)) as client:
                return await client.request(method, url, **what)
        finally:
            seen.extend(inner.seen)

    if request.param == "sync":
        return send_it
    return lambda *args, **what: asyncio.run(send_later(*args, **what))


def test_a_request_is_sent_again_until_it_is_answered(server: Server, send: Send, clock: FakeClock, seen: Any) -> None:
    """What was not returned is closed."""
    server.answers = [Answer(503), Answer(500)]
    response = send("GET", server.url)
    assert (200, "ok", 3, 2) == (response.status_code, response.text, len(server.asked), clock())
    assert [True] * 3 == [answer.is_closed for answer in seen]


def test_a_bad_response_is_closed_before_the_wait(server: Server) -> None:
    """Its connection is free for others meanwhile."""
    inner, closed = Watched(), []
    naps = Naps(sleep=lambda seconds: closed.append(inner.seen[-1].is_closed))
    server.answers = [Answer(503), Answer(503)]
    with httpx.Client(transport=RetryTransport(inner, policy=STEADY, naps=naps)) as client:
        client.get(server.url)
    assert [True, True] == closed


def test_the_last_response_is_returned(server: Server, send: Send) -> None:
    """Open, with its body; four attempts are made."""
    server.answers = [Answer(503)] * 9
    response = send("GET", server.url)
    assert (503, "ok", 4) == (response.status_code, response.text, len(server.asked))


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Fri, 02 Jan 2026 00:00:10 GMT"}, 10),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "9999"}, 300),
    ],
)
def test_a_retry_after_is_the_least_wait(
    server: Server,
    send: Send,
    clock: FakeClock,
    headers: dict[str, str],
    waited: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seconds or a date; malformed ones are ignored, very long ones cut."""
    today = "Fri, 02 Jan 2026 00:00:00 GMT"
    monkeypatch.setattr("http.server.BaseHTTPRequestHandler.date_time_string", lambda self: today)
    server.answers = [Answer(429, headers)]
    assert 200 == send("GET", server.url).status_code
    assert waited == clock()


def test_a_retry_after_beyond_the_deadline_is_not_waited(server: Server, send: Send, clock: FakeClock) -> None:
    """The response is returned at once."""
    server.answers = [Answer(429, {"Retry-After": "60"})]
    assert 429 == send("GET", server.url, policy=replace(STEADY, timeout=30)).status_code
    assert (1, 0) == (len(server.asked), clock())


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 409, 422, 501])
def test_other_statuses_are_returned_at_once(server: Server, send: Send, status: int) -> None:
    """They would be the same the next time."""
    server.answers = [Answer(status)]
    assert status == send("GET", server.url).status_code
    assert 1 == len(server.asked)


def test_statuses_can_be_chosen(server: Server, send: Send) -> None:
    """In place of the usual ones."""
    server.answers = [Answer(409), Answer(503)]
    assert 503 == send("GET", server.url, options={"statuses": frozenset({409})}).status_code


@pytest.mark.parametrize(
    ("method", "what", "sent"),
    [
        ("PUT", {"content": b"body"}, 2),
        ("POST", {"content": b"body"}, 1),
        ("POST", {"content": b"body", "headers": {"Idempotency-Key": "1"}}, 2),
        ("POST", {"json": {"a": 1}, "headers": {"Idempotency-Key": "1"}}, 2),
    ],
)
def test_only_what_may_arrive_twice_is_sent_twice(
    server: Server, send: Send, method: str, what: Any, sent: int
) -> None:
    """With its whole body each time."""
    server.answers = [Answer(503)]
    send(method, server.url, **what)
    assert sent == len(server.asked)
    assert 1 == len({body for _, body in server.asked})


def test_a_body_from_a_stream_is_sent_once(server: Server, clock: FakeClock) -> None:
    """It cannot be read again; the answer is returned and not an error about the stream."""
    server.answers = [Answer(503)]
    with httpx.Client(transport=RetryTransport(policy=STEADY, naps=Naps(sleep=clock.sleep))) as client:
        response = client.put(server.url, content=iter([b"a", b"b"]))
    assert (503, [("PUT", b"ab")]) == (response.status_code, server.asked)


@pytest.mark.parametrize(("method", "sent"), [("GET", 2), ("POST", 1)])
def test_a_cut_connection_is_tried_again_where_it_is_safe(server: Server, send: Send, method: str, sent: int) -> None:
    """The other side may have done what a POST asked for."""
    server.answers = [Answer(cuts=True)]
    if method == "GET":
        assert 200 == send(method, server.url).status_code
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            send(method, server.url)
    assert sent == len(server.asked)


def test_what_was_not_sent_is_tried_again_whatever_it_is(send: Send, clock: FakeClock) -> None:
    """Nobody listens: a POST is as safe as a GET."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(httpx.ConnectError):
            send("POST", f"http://127.0.0.1:{unused.getsockname()[1]}/", content=b"x")
    assert 3 == clock()


@pytest.mark.parametrize("error", [httpx.UnsupportedProtocol("x"), httpx.LocalProtocolError("x"), ValueError("x"),
                                   httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")])  # fmt: skip
def test_a_wrong_request_is_not_sent_again(error: Exception, clock: FakeClock) -> None:
    """The next attempt would end alike."""
    calls = []

    def refuse(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        raise error

    transport = RetryTransport(httpx.MockTransport(refuse), policy=STEADY, naps=Naps(sleep=clock.sleep))
    with httpx.Client(transport=transport) as client, pytest.raises(type(error)):
        client.get("http://127.0.0.1/")
    assert 1 == len(calls)


def test_a_breaker_and_a_budget_are_asked(server: Server, send: Send) -> None:
    """An open breaker refuses; too many requests are no ill health; a spent budget ends it."""
    breaker = CircuitBreaker("api", BreakerOptions(Consecutive(2)))
    server.answers = [Answer(429)] * 4
    assert 429 == send("GET", server.url, options={"breaker": breaker}).status_code
    server.answers = [Answer(503)] * 4
    with pytest.raises(CircuitOpenError):
        send("GET", server.url, options={"breaker": breaker})
    assert 4 + 2 == len(server.asked)
    server.answers = [Answer(503)] * 4
    send("GET", server.url, options={"budget": RetryBudget(BudgetOptions(capacity=14))})
    assert 4 + 2 + 2 == len(server.asked)


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest, server: Server) -> Callable[..., list[Any]]:
    """Send requests, one after the other through the only connection, and return the status or error of each."""
    limits, timeout = httpx.Limits(max_connections=1), httpx.Timeout(5, pool=0.1)

    def ask_all(times: int, after: Callable[[], None], **options: Any) -> list[Any]:
        found: list[Any] = []
        transport = RetryTransport(httpx.HTTPTransport(limits=limits), **options)
        with httpx.Client(transport=transport, timeout=timeout) as client:
            for _ in range(times):
                try:
                    found.append(client.get(server.url).status_code)
                except (httpx.HTTPError, CircuitOpenError) as error:
                    found.append(error)
                after()
        return found

    async def ask_all_later(times: int, after: Callable[[], None], **options: Any) -> list[Any]:
        found: list[Any] = []
        transport = AsyncRetryTransport(httpx.AsyncHTTPTransport(limits=limits), **options)
        async with httpx.AsyncClient(transport=transport, timeout=timeout) as client:
            for _ in range(times):
                try:
                    found.append((await client.get(server.url)).status_code)
                except (httpx.HTTPError, CircuitOpenError) as error:
                    found.append(error)
                after()
        return found

    if request.param == "sync":
        return ask_all
    return lambda *args, **options: asyncio.run(ask_all_later(*args, **options))


def test_a_breaker_that_ends_the_loop_leaves_the_connection_free(server: Server, ask: Any, clock: FakeClock) -> None:
    """The response that opened it is closed; else nobody could send anything any more."""
    breaker = CircuitBreaker("api", BreakerOptions(Consecutive(1)), clock=clock)
    server.answers = [Answer(503), Answer(503), Answer(200)]
    found = ask(3, lambda: clock.sleep(60), policy=STEADY, breaker=breaker)
    assert [CircuitOpenError, CircuitOpenError, int] == [type(one) for one in found]
    assert (200, True) == (found[2], found[1].__cause__.response.is_closed)


def test_a_breaker_that_is_broken_leaves_the_connection_free(server: Server, ask: Any) -> None:
    """Whatever is raised while the response is open."""

    class Broken(CircuitBreaker):
        def report(self, *_: Any) -> None:
            raise httpx.ReadError("broken")

    server.answers = [Answer(503)] * 2
    found = ask(2, lambda: None, policy=STEADY, breaker=Broken("api"))
    assert ([httpx.ReadError] * 2, 2) == ([type(one) for one in found], len(server.asked))


def test_a_cancelled_wait_raises_for_its_response_is_closed(server: Server, ask: Any) -> None:
    """Not a response that has no body to read; the connection is free at once."""
    naps, found = Naps(), []
    policy = replace(STEADY, backoff=Backoff("fixed", base=3_600, cap=3_600, jitter="none"))
    server.answers = [Answer(503), Answer(200)]
    thread = threading.Thread(target=lambda: found.extend(ask(2, lambda: None, policy=policy, naps=naps)))
    thread.start()
    while thread.is_alive() and not naps.active():
        pass
    naps.cancel(naps.active()[0].id)
    thread.join(10)
    assert [httpx.HTTPStatusError, int] == [type(one) for one in found]
    assert (503, 200) == (found[0].response.status_code, found[1])
    assert "the wait after HTTP status 503 was cancelled" in str(found[0])


def test_the_classifier_may_decide(server: Server, send: Send, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads status and Retry-After of the response."""
    from errclass import Context

    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    server.answers = [Answer(503)]
    policy = replace(STEADY, decide=RetryDecider(Context(operation="api")))
    assert 200 == send("GET", server.url, policy=policy).status_code


def test_without_httpx_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no extra of ours."""
    monkeypatch.setattr(
        "errclass.actions.retry.adapters.libraries.import_module", lambda name: __import__(f"no_{name}")
    )
    with pytest.raises(MissingExtraError, match="pip install httpx"):
        RetryTransport()
    with pytest.raises(MissingExtraError, match="pip install httpx"):
        AsyncRetryTransport()
