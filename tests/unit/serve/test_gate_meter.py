"""What the gate tells a meter, and whoever traces, of requests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from errclass.serve.api.access import ask as ask_in_thread
from errclass.serve.callers import CallerDesk
from errclass.serve.gate import Gate
from errclass.serve.hosts import HostList
from errclass.serve.key_ring import KeyRing
from errclass.serve.problem import Problem, RefusalError
from errclass.serve.request_meter import Exchange
from errclass.system.settings import ServeSettings
from errclass.system.tracing import open_span

Application = Callable[[Any, Any, Any], Awaitable[None]]


class Noting:
    """A meter that keeps what it is told."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended: list[Exchange] = []

    def begin(self) -> None:
        self.begun += 1

    def end(self, exchange: Exchange) -> None:
        self.ended.append(exchange)

    @property
    def told(self) -> list[tuple[str, str, int, str]]:
        """All but the times."""
        return [(one.route, one.method, one.status, one.refusal) for one in self.ended]


@pytest.fixture
def meter() -> Noting:
    """A meter."""
    return Noting()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What is traced, with a provider of this test's own."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


def make_gate(home: Path, inner: Application, meter: Noting | None, **limits: Any) -> Gate:
    """Return a gate that lets anybody ask."""
    return Gate(inner, CallerDesk(KeyRing(home), keyless=True), HostList(()), ServeSettings(**limits), meter=meter)


async def ask(gate: Gate, method: str = "GET", path: str = "/v1/reports/summary", host: bytes = b"localhost") -> None:
    """Send one request."""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None:
        pass

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"host", host)], "client": ("127.0.0.1", 1)}
    await gate(scope, receive, send)


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """Answer by a route."""
    scope["route"] = SimpleNamespace(path="/v1/reports/{type}")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def refuse(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
    raise RefusalError(Problem("no-report", 404, "there is none", "take another"))


def fail(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
    raise OSError("secret")


async def hang(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("inner", "method", "host", "told"),
    [
        (answer, "GET", b"localhost", ("/v1/reports/{type}", "GET", 200, "")),
        (answer, "HEAD", b"localhost", ("/v1/reports/{type}", "HEAD", 200, "")),
        (answer, "GET", b"evil.example", ("-", "GET", 421, "wrong-host")),
        (answer, "POST", b"localhost", ("-", "POST", 415, "wrong-content")),
        (refuse, "GET", b"localhost", ("-", "GET", 404, "no-report")),
        (fail, "GET", b"localhost", ("-", "GET", 500, "inner-fault")),
        (hang, "GET", b"localhost", ("-", "GET", 503, "timed-out")),
    ],
)
def test_each_request_is_told_once(
    tmp_path: Path, meter: Noting, inner: Application, method: str, host: bytes, told: tuple[str, str, int, str]
) -> None:
    """However it ends: by its route, as it was asked, and why it was refused."""
    asyncio.run(ask(make_gate(tmp_path, inner, meter, request_timeout=0.05), method, host=host))
    assert ([told], 1) == (meter.told, meter.begun)
    assert 0.0 <= meter.ended[0].seconds < 60.0


def test_a_client_that_goes_away_ends_its_request_too(tmp_path: Path, meter: Noting) -> None:
    """Otherwise it would be under way for ever."""

    async def try_it() -> None:
        begun = asyncio.Event()

        async def wait(scope: Any, receive: Any, send: Any) -> None:
            begun.set()
            await asyncio.sleep(60)

        task = asyncio.create_task(ask(make_gate(tmp_path, wait, meter)))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(try_it())
    assert ([("-", "GET", 0, "")], 1) == (meter.told, meter.begun)


def test_a_start_of_the_server_is_no_request(tmp_path: Path, meter: Noting) -> None:
    """Nor is what is no HTTP."""

    async def never(*_: Any) -> None:
        pass

    for kind in ("lifespan", "websocket"):
        asyncio.run(make_gate(tmp_path, never, meter)({"type": kind}, never, never))
    assert ([], 0) == (meter.told, meter.begun)


def test_without_a_meter_requests_are_answered(tmp_path: Path) -> None:
    """Nothing is told."""
    asyncio.run(ask(make_gate(tmp_path, answer, None)))


def test_a_request_is_a_span(tmp_path: Path, spans: InMemorySpanExporter) -> None:
    """By the semantic conventions; a method that there is not is no value."""
    asyncio.run(ask(make_gate(tmp_path, answer, None), path="/v1/reports/secret"))
    asyncio.run(ask(make_gate(tmp_path, fail, None), method="BREW"))
    first, second = spans.get_finished_spans()
    assert ("errclass.request", trace.SpanKind.SERVER) == (first.name, first.kind)
    assert {
        "http.request.method": "GET",
        "http.route": "/v1/reports/{type}",
        "http.response.status_code": 200,
    } == dict(first.attributes or {})
    assert {
        "http.request.method": "_OTHER",
        "http.response.status_code": 500,
        "errclass.refusal": "inner-fault",
        "error.type": "500",
    } == dict(second.attributes or {})
    assert not [
        value for span in (first, second) for value in (span.attributes or {}).values() if "secret" in str(value)
    ]


def test_what_is_done_in_a_thread_belongs_to_the_request(tmp_path: Path, spans: InMemorySpanExporter) -> None:
    """Though another thread does it."""
    threads: list[int] = []

    def work() -> None:
        threads.append(threading.get_ident())
        with open_span("errclass.decide"):
            pass

    with ThreadPoolExecutor(1) as pool:
        pools = SimpleNamespace(answers=pool)
        request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(pools=pools)))

        async def decide(scope: Any, receive: Any, send: Any) -> None:
            await ask_in_thread(request, work)
            await answer(scope, receive, send)

        asyncio.run(ask(make_gate(tmp_path, decide, None)))
    inner, outer = spans.get_finished_spans()
    assert (outer.context.span_id, True) == (inner.parent.span_id, threads != [threading.get_ident()])  # type: ignore[union-attr]
