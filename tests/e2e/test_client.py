"""``errclass.Client`` and ``AsyncClient`` against a service that is really started, and against those that are none."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.command_line import call_errclass
from support.service import RunningService, run_service

import errclass
from errclass import AsyncClient, Client, Failure, ServiceError, UsageError
from errclass.serve.client import calls
from errclass.testing import quick_retries

TEXT = "npm error code ETIMEDOUT"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Return a service with one key for everything."""
    with run_service(tmp_path_factory.mktemp("service") / "home") as running:
        yield running


@pytest.fixture
def client(service: RunningService) -> Iterator[Client]:
    """Return a client of it."""
    with Client(service.url, key=service.key) as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home, and stand in an empty folder."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def answer_with(answer: Answer) -> Iterator[str]:
    """Run a server that answers every request so, and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer(self)

        do_GET = do_POST  # noqa: N815 - named by the library

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Send one whole answer."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def test_it_answers_what_the_library_answers(service: RunningService, client: Client, home: Path) -> None:
    """In the same values."""
    context = {"environment": "staging", "operation": "ci", "effect": "idempotent", "team": "web"}
    here, there = errclass.decide(TEXT, **context), client.decide(TEXT, **context)
    own = ("decision_id", "history")
    assert {k: v for k, v in here.to_dict().items() if k not in own} == {
        k: v for k, v in there.to_dict().items() if k not in own
    }
    assert (here.context, here.plan) == (there.context, there.plan)
    assert errclass.classify_error(TEXT) == client.classify_error(TEXT)


def test_exceptions_and_failures_are_told_whole(client: Client) -> None:
    """With their class and exit code."""
    assert "network" == client.decide(ConnectionResetError(104, "Connection reset by peer")).type
    assert 7 == client.decide(Failure(TEXT, context=errclass.Context(attempt=7))).context.attempt


def test_outcomes_are_recorded_and_labelled(client: Client) -> None:
    """One, many, and again."""
    name = client.record("boom", operation="deploy", environment="staging")
    many = client.record_many([{"id": "c1", "text": "boom"}, {"id": "c1", "text": "boom"}, {"success": True}])
    assert (["c1", "c1"], True) == (many[:2], bool(client.label(name, "network", spreads=True)))
    assert "summary" == client.report()["type"]


def test_health_is_told(client: Client) -> None:
    """With what is wrong, to a key that may read."""
    health = client.health()
    assert (True, True) == (health["status"] in {"healthy", "degraded"}, "issues" in health)


def test_a_failure_is_handled_and_nothing_is_run(client: Client) -> None:
    """It is decided, recorded, and the caller is told when to call again."""
    result = client.handle_error(TEXT, operation="install", effect="idempotent")
    assert ("retry", True, []) == (
        result["strategy"],
        bool(result["outcome_id"]) and result["retry_in"] > 0,
        result["faults"],
    )


def test_secrets_do_not_leave() -> None:
    """They are masked before anything is sent."""
    outcome = {"text": "password=hunter2-hunter2", "context": {"api_token": "hunter2-hunter2"}}
    sent = (
        calls.ask_record([outcome], decide=False),
        calls.ask_decision("", "token=hunter2-hunter2", {"password": "hunter2"}),
    )
    assert [False, False] == ["hunter2" in json.dumps(call.ask.body) for call in sent]


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda client: client.label("none", "network"), 404),
        (lambda client: client.decide(TEXT, effect="harmless"), 422),
        (lambda client: client.report("none"), 404),
        (lambda client: client.record(""), 422),
    ],
)
def test_what_is_refused_says_what_to_do(client: Client, call: Callable[[Client], object], status: int) -> None:
    """With the status of the answer."""
    with pytest.raises(ServiceError) as caught:
        call(client)
    assert (status, True) == (caught.value.status, bool(caught.value.advice))


@pytest.mark.parametrize("slip", [{"efect": "irreversible"}, {"kill_swich": True}])
def test_a_misspelt_name_never_allows_what_the_right_one_forbids(client: Client, slip: dict[str, object]) -> None:
    """As a mere remark nothing would come of it."""
    assert "irreversible" != client.decide(TEXT, wish="none").context.effect
    assert "irreversible" == client.decide(TEXT, **slip).context.effect


def test_a_wrong_key_is_told(service: RunningService) -> None:
    """And not what it was."""
    with Client(service.url, key="wrong-key-wrong") as client, pytest.raises(ServiceError, match="unknown") as caught:
        client.decide(TEXT)
    assert (401, False) == (caught.value.status, "wrong-key" in str(caught.value))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda one: reply(one, 200, b"<html>"), "is none"),
        (lambda one: reply(one, 200, b"[]"), "is none"),
        (lambda one: reply(one, 200, b'{"type": 1}'), "is none"),
        (lambda one: reply(one, 200, b"[" * 100_000), "is none"),
        (lambda one: reply(one, 200, b"x" * 5_000_000), "too large"),
        (lambda one: reply(one, 200, b"x", Content_Encoding="gzip"), "encoded"),
        (lambda one: reply(one, 404, b"\x1b[31m<html>"), "HTTP status 404"),
        (lambda one: reply(one, 302, b"", Location="http://127.0.0.1:1/stolen"), "HTTP status 302"),
        (lambda one: reply(one, 422, b'{"detail": "\\u001b[31m' + b"x" * 9000 + b'", "advice": "y"}'), "xxx"),
    ],
    ids=range(9),
)
def test_what_is_no_answer_is_told(answer: Answer, message: str) -> None:
    """Never taken for one, followed, or shown as it is."""
    with (
        answer_with(answer) as url,
        Client(url, key="k") as client,
        pytest.raises(ServiceError, match=message) as caught,
    ):
        client.decide(TEXT)
    assert (False, True) == ("\x1b" in str(caught.value), len(str(caught.value)) < 1000)


def test_that_the_service_cannot_work_is_an_answer() -> None:
    """That it has no time is none."""
    ill = b'{"status": "unhealthy", "checks": {"store": "problem"}}'
    with answer_with(lambda one: reply(one, 503, ill)) as url, quick_retries(), Client(url) as client:
        assert ("unhealthy", "problem") == (client.health()["status"], client.health()["checks"]["store"])
    busy = b'{"detail": "too many requests at a time", "advice": "try again"}'
    with answer_with(lambda one: reply(one, 503, busy)) as url, quick_retries(), Client(url) as client:
        with pytest.raises(ServiceError, match="too many requests") as caught:
            client.health()
        assert 503 == caught.value.status


def test_what_may_arrive_twice_is_sent_again(service: RunningService) -> None:
    """A label is not, for it would be a second one."""
    asked: list[str] = []

    def cut(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        handler.close_connection = True

    with answer_with(cut) as url, quick_retries(), Client(url) as client:
        for call in (lambda: client.record("x"), lambda: client.label("x", "network")):
            with pytest.raises(ServiceError):
                call()
    assert (4, 1) == (asked.count("/v1/outcomes"), asked.count("/v1/labels"))


@pytest.mark.parametrize(
    "url", ["", "localhost:8377", "ftp://x", "http://", "http://u:p@x", "http://x?key=1", "http://x:y"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """Before anything is sent."""
    with pytest.raises(UsageError, match="ERRCLASS_URL"):
        Client(url)


@pytest.mark.parametrize("key", ["", "a b", "a\nb", "ä", "x" * 5000])
def test_a_key_that_can_be_none_is_refused(key: str) -> None:
    """And not quoted."""
    with pytest.raises(UsageError, match="ERRCLASS_KEY"):
        Client("http://localhost", key=key)


def test_tasks_ask_likewise(service: RunningService) -> None:
    """Fifty at a time."""

    async def ask() -> list[str]:
        async with AsyncClient(service.url, key=service.key) as client:
            decisions = await asyncio.gather(*(client.decide(f"{TEXT} {number}") for number in range(50)))
            await client.record("boom", id="async")
            await client.label("async", "network")
            await client.handle_error(TEXT)
            await client.explain(TEXT)
            await client.health()
            return [decision.type for decision in decisions]

    assert ["network"] * 50 == asyncio.run(ask())


def test_the_command_line_asks_the_service(
    service: RunningService, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the lines numbered as in the log."""
    log = home / "build.log"
    log.write_text("".join(f"Step {number} of the build\n" for number in range(50_000)) + f"{TEXT}\n")
    here = call_errclass("explain", log, "--format", "json").json
    monkeypatch.setenv("ERRCLASS_URL", service.url)
    monkeypatch.setenv("ERRCLASS_KEY", service.key)
    there = call_errclass("explain", log, "--format", "json").json
    names = ("type", "cause_lines", "lines")
    assert [here[name] for name in names] == [there[name] for name in names]
    assert "network" == call_errclass("classify", log, "--format", "json").json["type"]
    assert 2 == call_errclass("classify", log, "--model", "default").code


def test_a_service_that_is_away_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1, and no answer of this machine's in place of it."""
    monkeypatch.setenv("ERRCLASS_URL", "http://127.0.0.1:1")
    with quick_retries():
        done = call_errclass("classify", "-", stdin=TEXT.encode())
    assert (1, "", True) == (done.code, done.out, "errclass serve runs there" in done.err)


def test_a_working_tree_names_no_service(home: Path) -> None:
    """Whoever opens a pull request does not get the log."""
    (home / "errclass.toml").write_text('url = "http://127.0.0.1:1"\nkey = "x"\n')
    done = call_errclass("classify", "-", "--format", "json", stdin=TEXT.encode())
    assert ("network", True, True) == (done.json["type"], "url is not applied" in done.err, "key is not" in done.err)
