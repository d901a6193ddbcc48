"""The gate, around applications that take their time or fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errclass.serve.callers import CallerDesk
from errclass.serve.gate import PROBE, Gate
from errclass.serve.hosts import HostList
from errclass.serve.key_ring import KeyRing
from errclass.system.settings import ServeSettings

if TYPE_CHECKING:
    import pytest

Application = Callable[[Any, Any, Any], Awaitable[None]]


async def ask(gate: Gate, path: str = "/v1/reports/summary", method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Send one request and return status, headers and body."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
    }
    await gate(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def make_gate(home: Path, inner: Application, **limits: Any) -> Gate:
    """Return a gate that lets anybody ask."""
    return Gate(inner, CallerDesk(KeyRing(home), keyless=True), HostList(()), ServeSettings(**limits))


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """Say the method that was asked for."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["method"].encode()})


def kind_of(body: bytes) -> str:
    """Return the kind of a problem."""
    return str(json.loads(body)["type"]).rpartition(":")[2]


def test_only_so_many_are_answered_at_a_time(tmp_path: Path) -> None:
    """The next is told to come again; whether the service lives is answered nevertheless."""

    async def try_it() -> list[Any]:
        entered, leave = asyncio.Event(), asyncio.Event()

        async def wait(scope: Any, receive: Any, send: Any) -> None:
            if scope["path"] != PROBE:
                entered.set()
                await leave.wait()
            await answer(scope, receive, send)

        gate = make_gate(tmp_path, wait, concurrent=1)
        first = asyncio.create_task(ask(gate))
        await entered.wait()
        second, probe = await ask(gate), await ask(gate, PROBE)
        leave.set()
        return [await first, second, probe, await ask(gate)]

    first, second, probe, third = asyncio.run(try_it())
    assert ([200, 503, 200, 200], "busy", "1") == (
        [first[0], second[0], probe[0], third[0]],
        kind_of(second[2]),
        second[1]["retry-after"],
    )


def test_what_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """And the caller is told when to come again."""

    async def hang(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    status, headers, body = asyncio.run(ask(make_gate(tmp_path, hang, request_timeout=0.01)))
    assert (503, "timed-out", "1") == (status, kind_of(body), headers["retry-after"])


def test_a_fault_is_told_without_what_it_was(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log says more."""

    async def fail(scope: Any, receive: Any, send: Any) -> None:
        raise KeyError("/home/somebody")

    status, _, body = asyncio.run(ask(make_gate(tmp_path, fail)))
    assert (500, "inner-fault", False) == (status, kind_of(body), b"somebody" in body)
    assert "somebody" in caplog.text


def test_head_asks_as_get_does(tmp_path: Path) -> None:
    """The server leaves the body out."""
    assert (200, b"GET") == asyncio.run(ask(make_gate(tmp_path, answer), method="HEAD"))[::2]


def test_a_damaged_file_of_keys_lets_nobody_in(tmp_path: Path) -> None:
    """Not even where none was needed before."""
    gate = make_gate(tmp_path, answer)
    desk = CallerDesk(KeyRing(tmp_path), keyless=True)
    before = desk.identify(None)
    (tmp_path / "service-keys.json").write_text("damaged")
    assert (("classify", "metrics"), ()) == (before.scopes, desk.identify(None).scopes)
    assert 200 == asyncio.run(ask(gate))[0]


def test_a_websocket_is_not_answered(tmp_path: Path) -> None:
    """There is none."""

    async def never(*_: Any) -> None:
        raise AssertionError

    asyncio.run(make_gate(tmp_path, never)({"type": "websocket"}, never, never))
