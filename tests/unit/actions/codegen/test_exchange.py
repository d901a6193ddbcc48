"""A request goes where it should, keeps its key to itself, and ends in time."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from support.codegen_server import KEY, Codegen, serve_codegen
from support.escalations import make_escalation

from errclass.actions.codegen import Ask, CodegenIntegration, ExchangeLimits
from errclass.actions.codegen.exchange import asend_request, send_request
from errclass.actions.codegen.steps import Reply
from errclass.actions.web.proxies import find_proxy

Make = Callable[..., CodegenIntegration]
Send = Callable[..., Reply]
_NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    """Return a function that sends one request, in either way."""

    def act(url: str, headers: Mapping[str, str] | None = None, ask: Ask | None = None, total: float = 10.0) -> Reply:
        arguments = (url, headers or {}, ask or Ask("GET", "/"), ExchangeLimits(total=total), None)
        return send_request(*arguments) if request.param == "sync" else asyncio.run(asend_request(*arguments))

    return act


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets the proxies of the environment, and no others."""
    for name in _NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    def act(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return act


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_no_key_for_this_machine_goes_to_a_proxy(
    codegen: Codegen, send: Send, environ: Callable[..., None], host: str, name: str
) -> None:
    """It would be read there: to this machine HTTP is plain."""
    with serve_codegen() as proxy:
        environ(**{name: proxy.url})
        reply = send(codegen.url.replace("127.0.0.1", host), {"Authorization": f"Bearer {KEY}"})
    assert (404, [], 1) == (reply.status, proxy.asked, len(codegen.asked))


def test_another_machine_is_reached_through_its_proxy(send: Send, environ: Callable[..., None]) -> None:
    """As the environment says."""
    with serve_codegen() as proxy:
        environ(HTTP_PROXY=proxy.url)
        assert 401 == send("http://agent.invalid", ask=Ask("GET", "/x")).status
    assert [("GET", "http://agent.invalid/x", None)] == proxy.asked


PROXIES = (
    ("https://api.codegen.com", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
    ("https://api.codegen.com", {"HTTPS_PROXY": "p:1"}, "http://p:1"),
    ("https://api.codegen.com", {"ALL_PROXY": "socks5://p:1"}, "socks5://p:1"),
    ("https://api.codegen.com", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".codegen.com"}, None),
    ("https://api.codegen.com", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
    ("https://api.codegen.com", {"HTTP_PROXY": "http://p:1"}, None),
    ("https://api.codegen.com", {}, None),
    ("http://[::1]:8000", {"ALL_PROXY": "http://p:1"}, None),
    ("https://LOCALHOST", {"ALL_PROXY": "http://p:1"}, None),
)


@pytest.mark.parametrize(("url", "values", "expected"), PROXIES, ids=range(len(PROXIES)))
def test_the_environment_says_which_proxy(
    environ: Callable[..., None], url: str, values: dict[str, str], expected: str | None
) -> None:
    """But none leads to this machine."""
    environ(**values)
    assert expected == find_proxy(url)


@pytest.fixture(params=["headers", "body"])
def dripping(request: pytest.FixtureRequest) -> Iterator[tuple[str, threading.Event]]:
    """Serve an answer that comes byte by byte for 20 seconds; the event says that the client has left."""
    left, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
    start = {"headers": b"HTTP/1.1 200 OK\r\nX-Slow: ", "body": b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"}

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                connection.sendall(start[request.param])
                for _ in range(400):
                    connection.sendall(b"x")
                    connection.settimeout(0.05)
                    _read_all(connection)
                connection.sendall(b"\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                left.set()

    thread = threading.Thread(target=drip)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", left
    thread.join(30)
    listener.close()


def _read_all(connection: socket.socket) -> None:
    """Read until nothing comes; raise OSError where the other side has left."""
    try:
        while connection.recv(4_096):
            pass
    except TimeoutError:
        return
    raise ConnectionError


def test_an_answer_that_drips_is_cut_off(dripping: tuple[str, threading.Event], send: Send) -> None:
    """At the limit, whatever still comes; the connection does not stay behind."""
    url, left = dripping
    assert "timeout" == send(url, total=0.5).trouble
    assert left.wait(15)


BAD_HEADERS: tuple[dict[str, Any], ...] = (
    {"Authorization": "Bearer hidden-word\nX: y"},
    {"Authorization": "Bearer hidden-word\r\n"},
    {"Authorization": "Bearer hidden-word \u043a"},
    {"Authorization: hidden-word": "x"},
    {"Authorization": 5},
    {"Authorization": None},
)


@pytest.mark.parametrize("headers", BAD_HEADERS, ids=range(len(BAD_HEADERS)))
def test_a_key_that_can_be_no_header_is_not_told(codegen: Codegen, send: Send, headers: dict[str, Any]) -> None:
    """Nothing is sent, and the word is nowhere in what is said."""
    reply = send(codegen.url, headers)
    assert ("unreachable", False, []) == (reply.trouble, reply.sent, codegen.asked)
    assert ("hidden" in reply.detail, "no request" in reply.detail) == (False, True)


@pytest.mark.parametrize(
    "ask", [Ask("GET", "/\x00"), Ask("POST", "/", {"a": object()}), Ask("GE T", "/")], ids=["path", "body", "method"]
)
def test_what_can_be_no_request_is_not_sent(codegen: Codegen, send: Send, ask: Ask) -> None:
    """It is told as such."""
    reply = send(codegen.url, ask=ask)
    assert ("unreachable", False, []) == (reply.trouble, reply.sent, codegen.asked)


def test_no_log_tells_the_address_or_the_key(codegen: Codegen, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Not even in the libraries' finest detail: an agent's path may hold a key."""
    caplog.set_level(logging.DEBUG)
    asyncio.run(make().atrigger_error_resolution(make_escalation()))
    make().look("41894")
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert 2 == len(codegen.asked)
    assert [] == [word for word in ("/v1/organizations", KEY, "HTTP Request") if word in said]
