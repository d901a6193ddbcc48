"""``errclass serve``: really started, and asked by those it is for and by those it is not for."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from support.command_line import start_errclass
from support.service import SECONDS, RunningService, read_all, run_service

from errclass.outcomes import Store
from errclass.serve.key_ring import KeyRing

TEXT = "npm error code ETIMEDOUT"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Return a service with small limits and one key for everything."""
    home = tmp_path_factory.mktemp("service") / "home"
    limits = {
        "ERRCLASS_SERVE__BODY_BYTES": "20000",
        "ERRCLASS_SERVE__READ_TIMEOUT": "0.5",
        "ERRCLASS_SERVE__RATE": "100000",
        "ERRCLASS_SERVE__BURST": "100000",
        "ERRCLASS_SERVE__HOSTS": '["errclass.internal"]',
    }
    with run_service(home, environ=limits) as running:
        yield running


def problem_of(response: httpx.Response) -> tuple[int, str, bool]:
    """Return status and kind of a problem document, and whether it says what to do."""
    document = response.json()
    assert response.headers["content-type"] == PROBLEM
    assert document["status"] == response.status_code
    return response.status_code, document["type"].rpartition(":")[2], bool(document["advice"])


def send_raw(service: RunningService, data: bytes) -> bytes:
    """Send bytes as they are and return all that comes back until the connection ends."""
    with service.connect() as connection:
        connection.sendall(data)
        return read_all(connection)


def make_head(service: RunningService, *lines: str, target: str = "POST /v1/classify") -> bytes:
    """Return the head of a request that closes its connection."""
    known = (
        f"Authorization: Bearer {service.key}",
        "Host: localhost",
        "Connection: close",
        "Content-Type: application/json",
    )
    return "\r\n".join((f"{target} HTTP/1.1", *known, *lines, "", "")).encode()


def test_a_failure_is_classified_decided_and_explained(service: RunningService) -> None:
    """As the library does it."""
    body = {"text": TEXT, "context": {"environment": "staging", "operation": "ci", "effect": "idempotent"}}
    answers = {path: service.ask("POST", f"/v1/{path}", json=body).json() for path in ("classify", "decide", "explain")}
    assert ["network"] * 3 == [answer["type"] for answer in answers.values()]
    assert ("retry", "staging") == (answers["decide"]["strategy"], answers["decide"]["context"]["environment"])
    assert [1] == answers["explain"]["cause_lines"]


def test_effect_and_cancelled_are_honoured(service: RunningService) -> None:
    """What is irreversible, or was stopped by a person, is never run again."""
    contexts = ({"effect": "irreversible"}, {"cancelled": True}, {"effect": "idempotent"})
    answers = [service.ask("POST", "/v1/decide", json={"text": TEXT, "context": one}).json() for one in contexts]
    assert [False, False, True] == [answer["strategy"] == "retry" for answer in answers]


def test_outcomes_are_kept_once(service: RunningService) -> None:
    """The same id again changes nothing; what is read back is masked."""
    first = {"id": "job 1/2", "text": "login failed password=hunter2-hunter2", "context": {"operation": "login"}}
    again = {**first, "text": "something else"}
    asked = [service.ask("POST", "/v1/outcomes", json={"outcomes": [one]}) for one in (first, again)]
    stored = service.ask("GET", "/v1/outcomes/job%201%2F2").json()
    assert [{"ids": ["job 1/2"]}] * 2 == [answer.json() for answer in asked]
    assert ("login", True, False) == (
        stored["context"]["operation"],
        "login failed" in stored["text"],
        "hunter2" in json.dumps(stored),
    )


def test_an_id_is_any_text(service: RunningService) -> None:
    """By what it was sent as it is found again."""
    ids = ["a\x00b", "../../etc/passwd", "💥" * 64, " "]
    service.ask("POST", "/v1/outcomes", json={"outcomes": [{"id": one, "text": "x"} for one in ids]})
    found = [service.ask("GET", f"/v1/outcomes/{quote(one, safe='')}").status_code for one in ids]
    assert [200, 200, 200, 200] == found


def test_many_outcomes_are_kept_together(service: RunningService) -> None:
    """And decided on request."""
    outcomes = [{"id": f"many-{number}", "text": f"{TEXT} {number}"} for number in range(20)]
    answer = service.ask("POST", "/v1/outcomes", json={"outcomes": outcomes, "decide": True})
    assert [one["id"] for one in outcomes] == answer.json()["ids"]
    assert "network" == service.ask("GET", "/v1/outcomes/many-7").json()["decision"]["type"]


def test_labels_are_given_listed_and_taken_back(service: RunningService) -> None:
    """In the name of the key."""
    service.ask("POST", "/v1/outcomes", json={"outcomes": [{"id": "labelled", "text": "boom"}]})
    given = service.ask("POST", "/v1/labels", json={"outcome_id": "labelled", "type": "Network"}).json()
    listed = service.ask("GET", "/v1/labels", params={"outcome_id": "labelled"}).json()["labels"]
    undone = service.ask("DELETE", f"/v1/labels/{given['label_id']}", params={"outcome_id": "labelled"})
    left = service.ask("GET", "/v1/labels", params={"outcome_id": "labelled"}).json()["labels"]
    assert ("network", 200, [None]) == (given["type"], undone.status_code, [one["undone"] for one in listed])
    assert listed[0]["author"].startswith("service (test ")
    assert left[0]["undone"] is not None


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/v1/outcomes/none", None, (404, "no-outcome")),
        ("GET", "/v1/labels?outcome_id=none", None, (404, "no-outcome")),
        ("POST", "/v1/labels", {"outcome_id": "none", "type": "network"}, (404, "no-outcome")),
        ("POST", "/v1/labels", {"outcome_id": "none", "type": "netwrok"}, (404, "no-type")),
        ("DELETE", "/v1/labels/none?outcome_id=none", None, (404, "no-outcome")),
        ("GET", "/v1/reports/none", None, (404, "no-report")),
        ("GET", "/v1/reports/summary?window=soon", None, (422, "invalid")),
        ("POST", "/v1/handle", {"text": TEXT, "work": "/etc"}, (422, "invalid")),
        ("GET", "/v1/outcomes/" + 65 * "x", None, (422, "invalid")),
        ("GET", "/v1/outcomes/%00%ff", None, (404, "no-outcome")),
        ("GET", "/nowhere", None, (404, "http-404")),
        ("GET", "/v1/classify", None, (405, "http-405")),
        ("DELETE", "/v1/outcomes", None, (405, "http-405")),
        ("POST", "/v1/classify", {}, (422, "invalid")),
        ("POST", "/v1/classify", {"text": TEXT, "work": "/etc"}, (422, "invalid")),
        ("POST", "/v1/classify", {"text": TEXT, "context": {"work": "/etc"}}, (422, "invalid")),
        ("POST", "/v1/classify", {"text": TEXT, "context": {"effect": "harmless"}}, (422, "invalid")),
        ("POST", "/v1/classify", {"text": TEXT, "exit_code": True}, (422, "invalid")),
        ("POST", "/v1/classify", {"text": TEXT, "context": {"cancelled": "yes"}}, (422, "invalid")),
        ("POST", "/v1/outcomes", {"outcomes": [{"text": "x", "time": 1}]}, (422, "invalid")),
        ("POST", "/v1/outcomes", {"outcomes": []}, (422, "invalid")),
        ("POST", "/v1/outcomes", {"outcomes": [{"id": 65 * "x", "text": "x"}]}, (422, "invalid")),
        ("POST", "/v1/outcomes", {"outcomes": [{}]}, (422, "invalid")),
        ("POST", "/v1/outcomes", {"outcomes": [{"text": "x", "time": "0001-01-01T00:00:00+23:59"}]}, (422, "invalid")),
        ("POST", "/v1/outcomes", {"outcomes": [{"text": "x", "time": "9999-12-31T23:59:59-23:59"}]}, (422, "invalid")),
        ("POST", "/v1/classify", {"text": TEXT, "k" * 9000: 1}, (422, "invalid")),
    ],
)
def test_what_is_wrong_is_said(
    service: RunningService, method: str, path: str, body: object, expected: tuple[int, str]
) -> None:
    """As a problem document that says what to do."""
    response = service.ask(method, path, json=body) if body is not None else service.ask(method, path)
    assert (*expected, True) == problem_of(response)
    assert (False, True) == (str(service.home) in response.text, len(response.text) < 1000)


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b'{"text": ', "application/json", (400, "bad-json")),
        (b'{"text": "\xff"}', "application/json", (400, "bad-json")),
        (b'{"text": "\\ud800"}', "application/json", (422, "invalid")),
        (b"[" * 5000, "application/json", (400, "too-deep")),
        (b'{"text": ' * 20 + b"1" + b"}" * 20, "application/json", (400, "too-deep")),
        (b"", "application/json", (422, "invalid")),
        (b'{"text": "x"}', "text/plain", (415, "wrong-content")),
        (b'{"text": "x"}', "", (415, "wrong-content")),
        (b"text=x", "application/x-www-form-urlencoded", (415, "wrong-content")),
        (b'{"text": "' + b"x" * 20_000 + b'"}', "application/json", (413, "too-large")),
    ],
)
def test_bodies_that_are_none_are_refused(
    service: RunningService, content: bytes, kind: str, expected: tuple[int, str]
) -> None:
    """Before anything is made of them."""
    response = service.ask("POST", "/v1/classify", content=content, headers={"Content-Type": kind})
    assert (*expected, True) == problem_of(response)


@pytest.mark.parametrize(
    "text", ["a\x00b", "[" * 5000, '{"a":' * 2000, "\x1b[31m", "", "💥" * 100, "\\" * 999], ids=range(7)
)
def test_any_text_is_answered(service: RunningService, text: str) -> None:
    """Brackets within a text are no levels of JSON."""
    assert 200 == service.ask("POST", "/v1/explain", json={"text": text}).status_code


def test_a_body_without_a_length_is_bounded_too(service: RunningService) -> None:
    """In chunks; and the connection may be used for the next request."""

    def drip() -> Iterator[bytes]:
        yield b'{"text": "'
        yield from (b"x" * 1000 for _ in range(100))
        yield b'"}'

    response = service.ask("POST", "/v1/classify", content=drip(), headers={"Content-Type": "application/json"})
    assert (413, "too-large", True) == problem_of(response)


def test_an_endless_body_is_cut_off(service: RunningService) -> None:
    """It is not read for ever."""
    with service.connect() as connection:
        connection.sendall(make_head(service, "Transfer-Encoding: chunked"))
        with pytest.raises(OSError):
            send_for_ever(connection)


def send_for_ever(connection: socket.socket) -> None:
    """Send 4 GB, if it is let."""
    for _ in range(1_000_000):
        connection.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")


def test_who_waits_to_be_asked_for_too_much_is_not_asked(service: RunningService) -> None:
    """``Expect: 100-continue`` with a length beyond the limit."""
    answer = send_raw(service, make_head(service, "Content-Length: 99999999", "Expect: 100-continue"))
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("begun", [b"", b"POST /v1/classify HTTP/1.1\r\nHost: local"], ids=["nothing", "half a head"])
def test_a_head_that_drips_in_is_cut_off(service: RunningService, begun: bytes) -> None:
    """After the time for it."""
    assert b"" == send_raw(service, begun)


def test_a_body_that_drips_in_is_refused(service: RunningService) -> None:
    """After the time for it."""
    answer = send_raw(service, make_head(service, "Content-Length: 100") + b'{"text"')
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_nothing_is_read_of_who_may_do_nothing(service: RunningService) -> None:
    """Who has no key and sends slowly takes no place from others."""
    head = (
        b"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nContent-Type: application/json\r\n\r\n{"
    )
    assert b"HTTP/1.1 401" == send_raw(service, head)[:12]


def test_a_request_of_two_lengths_is_refused(service: RunningService) -> None:
    """And what may be a second one behind it is none: a proxy may see its end elsewhere."""
    head = make_head(service, "Content-Length: 13", "Transfer-Encoding: chunked").replace(b"Connection: close\r\n", b"")
    answers = send_raw(service, head + b"0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (b"HTTP/1.1 400", False) == (answers[:12], b"200 OK" in answers)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["TLS", "no Host", "NUL"],
)
def test_what_is_no_request_is_told_so(service: RunningService, data: bytes) -> None:
    """As a problem document as well."""
    answer = send_raw(service, data)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert PROBLEM.encode() in answer


def test_a_head_that_is_too_long_is_refused(service: RunningService) -> None:
    """Before all of it has come."""
    assert send_raw(service, b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000).startswith(b"HTTP/1.1 400 ")


def test_head_is_get_without_its_body(service: RunningService) -> None:
    """Where GET is."""
    response = service.ask("HEAD", "/health/live")
    assert (200, b"", "15") == (response.status_code, response.content, response.headers["content-length"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8377", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("errclass.internal", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("evil.example:8377", 421),
        ("user@localhost", 421),
        ("localhost:x", 421),
        ("", 421),
    ],
)
def test_only_names_of_this_server_are_answered(service: RunningService, host: str, status: int) -> None:
    """A name that somebody else had point here is none."""
    assert status == service.ask("GET", "/health/live", headers={"Host": host}).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8377", "Origin": "http://LOCALHOST:8377"}, 200),
        ({"Origin": "https://errclass.internal"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "localhost:8377", "Origin": "http://localhost:3000"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
        ({"Origin": "http://203.0.113.9"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "file://localhost"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_no_page_of_somebody_elses_is_answered(service: RunningService, headers: dict[str, str], status: int) -> None:
    """And no page is told that it may read the answer."""
    response = service.ask("POST", "/v1/classify", json={"text": TEXT}, headers=headers)
    assert (status, False) == (response.status_code, "access-control-allow-origin" in response.headers)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/labels", "GET, HEAD, POST"),
        ("QUERY", "/health/ready", "GET, HEAD"),
        ("OPTIONS", "/v1/outcomes", "POST"),
        ("GET", "/v1/labels/x", "DELETE"),
    ],
)
def test_a_method_that_is_not_taken_is_told_which_are(
    service: RunningService, method: str, path: str, allowed: str
) -> None:
    """All of them, though each is a route of its own."""
    response = service.ask(method, path, headers={"Content-Type": "application/json"})
    assert ((405, "http-405", True), allowed) == (problem_of(response), response.headers["allow"])


def test_nothing_is_told_of_the_server(service: RunningService) -> None:
    """Neither its name nor its version, in whatever answer."""
    answers = [service.ask("GET", path) for path in ("/health/live", "/nowhere")]
    assert [False, False] == ["server" in answer.headers for answer in answers]


@pytest.mark.parametrize(
    "authorization",
    ["Bearer wrong", "Bearer", "Basic dTpw", "Bearer \xff", "wrong", "Bearer errclass_000000000000_" + "x" * 43],
)
def test_a_wrong_key_is_refused(service: RunningService, authorization: str) -> None:
    """Everywhere, also where none is needed."""
    for path in ("/v1/outcomes/x", "/openapi.json"):
        headers = {"Authorization": authorization.encode("latin-1")}
        response = httpx.get(f"{service.url}{path}", headers=headers, trust_env=False)
        assert (401, "wrong-key", True) == problem_of(response)
        assert "Bearer" in response.headers["www-authenticate"]


def test_a_key_in_the_address_is_none(service: RunningService) -> None:
    """It would end up in logs."""
    response = httpx.get(f"{service.url}/v1/outcomes/x?key={service.key}&access_token={service.key}", trust_env=False)
    assert (401, "no-key", True) == problem_of(response)


def test_a_key_does_what_its_scopes_say(service: RunningService) -> None:
    """And nothing else."""
    _, key = KeyRing(service.home).create_key("questions only", ["classify"])
    assert 200 == service.ask("POST", "/v1/classify", key=key, json={"text": TEXT}).status_code
    for method, path, body in (
        ("POST", "/v1/outcomes", {"outcomes": [{"text": "x"}]}),
        ("GET", "/v1/outcomes/x", None),
        ("POST", "/v1/labels", {"outcome_id": "x", "type": "network"}),
        ("GET", "/v1/labels?outcome_id=x", None),
        ("DELETE", "/v1/labels/x?outcome_id=x", None),
    ):
        response = service.ask(method, path, key=key, json=body)
        assert (403, "wrong-scope", True) == problem_of(response)


def test_a_revoked_key_is_refused_at_once(service: RunningService) -> None:
    """By the server that runs."""
    ring = KeyRing(service.home)
    _, key = ring.create_key("short-lived", ["classify"])
    before = service.ask("POST", "/v1/classify", key=key, json={"text": TEXT}).status_code
    ring.revoke_key("short-lived")
    after = service.ask("POST", "/v1/classify", key=key, json={"text": TEXT}).status_code
    assert (200, 401) == (before, after)


def test_fifty_requests_at_a_time_are_answered(service: RunningService) -> None:
    """Each with its own answer."""

    def record(number: int) -> tuple[int, list[str]]:
        response = service.ask("POST", "/v1/outcomes", json={"outcomes": [{"id": f"at-once-{number}", "text": "x"}]})
        return response.status_code, response.json()["ids"]

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(record, range(50)))
    assert [(200, [f"at-once-{number}"]) for number in range(50)] == answers


def test_without_a_key_only_questions_are_answered(tmp_path: Path) -> None:
    """And as soon as there ever was a key, nothing without one."""
    home = tmp_path / "home"
    with run_service(home, keys=False) as service:
        question = service.ask("POST", "/v1/classify", json={"text": TEXT}).status_code
        others = [
            service.ask("POST", "/v1/outcomes", json={"outcomes": [{"text": "x"}]}).status_code,
            service.ask("GET", "/v1/outcomes/x").status_code,
        ]
        ring = KeyRing(home)
        ring.create_key("first", ["read"])
        ring.revoke_key("first")
        afterwards = service.ask("POST", "/v1/classify", json={"text": TEXT}).status_code
    assert (200, [401, 401], 401) == (question, others, afterwards)


def test_others_are_not_served_without_a_key(tmp_path: Path) -> None:
    """It does not even start."""
    done = start_errclass("serve", "--host", "0.0.0.0", "--port", "0", cwd=tmp_path, environ={"ERRCLASS_HOME": "home"})
    assert (2, True) == (done.code, "errclass serve keys create" in done.err)


def test_others_are_served_with_a_key(tmp_path: Path) -> None:
    """On all addresses."""
    with run_service(tmp_path / "home", "--host", "0.0.0.0") as service:
        port = service.address[1]
        assert 200 == httpx.get(f"http://127.0.0.1:{port}/health/live", trust_env=False).status_code
        assert 0 == service.stop()


def test_a_port_that_is_taken_is_named(service: RunningService, tmp_path: Path) -> None:
    """With what to do about it."""
    port = service.address[1]
    done = start_errclass("serve", "--port", port, cwd=tmp_path, environ={"ERRCLASS_HOME": "home"})
    assert (2, True) == (done.code, f"--port {port}: another program listens there" in done.err)


def test_it_ends_in_order(tmp_path: Path) -> None:
    """A request that is under way is answered first, and the exit code is 0."""
    with run_service(tmp_path / "home") as service, service.connect() as connection:
        body = json.dumps({"text": TEXT}).encode()
        connection.sendall(make_head(service, f"Content-Length: {len(body)}", "Expect: 100-continue"))
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        code: list[int] = []
        ending = threading.Thread(target=lambda: code.append(service.stop()))
        ending.start()
        wait_until_closed(service)
        connection.sendall(body)
        answer = read_all(connection)
        ending.join(SECONDS)
    assert (True, [0]) == (answer.startswith(b"HTTP/1.1 200 "), code)


def wait_until_closed(service: RunningService) -> None:
    """Return once no connection is taken any more."""
    while True:
        try:
            service.connect().close()
        except ConnectionError:
            return


def test_a_store_that_is_locked_holds_up_neither_questions_nor_the_end(tmp_path: Path) -> None:
    """What was not acknowledged by then is cut off."""
    limits = {"REQUEST_TIMEOUT": "5", "STOP_TIMEOUT": "1", "THREADS": "1"}
    environ = {f"ERRCLASS_SERVE__{name}": value for name, value in limits.items()}
    home, one = tmp_path / "home", {"outcomes": [{"text": "x"}]}
    with run_service(home, environ=environ) as service:
        assert 200 == service.ask("POST", "/v1/outcomes", json=one).status_code
        with contextlib.closing(sqlite3.connect(home / "store" / "inbox.sqlite")) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            refused = problem_of(service.ask("POST", "/v1/outcomes", json=one))
            answered = service.ask("POST", "/v1/classify", json={"text": TEXT}).status_code
            code = service.stop()
    assert ((503, "timed-out", True), 200, 1) == (refused, answered, code)


def test_a_kill_loses_no_acknowledged_outcome(tmp_path: Path) -> None:
    """They are in the store, each once."""
    home, acknowledged = tmp_path / "home", []
    with run_service(home) as service:
        killer = threading.Timer(1.0, service.kill)
        killer.start()
        for number in range(100_000):
            try:
                answer = service.ask("POST", "/v1/outcomes", json={"outcomes": [{"id": f"k{number}", "text": "x"}]})
            except httpx.TransportError:
                break
            acknowledged += answer.json()["ids"]
        killer.join(SECONDS)
    with Store(home / "store") as store:
        stored = [outcome.id for outcome in store.outcomes()]
    assert set(acknowledged) <= set(stored)
    assert (True, len(set(stored))) == (bool(acknowledged), len(stored))


def test_two_services_share_a_store(tmp_path: Path) -> None:
    """What one has kept the other finds, and an id counts once."""
    home = tmp_path / "home"
    with run_service(home) as first, run_service(home) as second:
        for service in (first, second):
            service.ask("POST", "/v1/outcomes", json={"outcomes": [{"id": "shared", "text": service.url}]})
        found = second.ask("GET", "/v1/outcomes/shared").json()
        codes = (first.stop(), second.stop())
    with Store(home / "store") as store:
        assert ("shared", (0, 0), 1) == (found["id"], codes, store.stats().outcomes)


def test_too_many_requests_are_told_to_wait(tmp_path: Path) -> None:
    """One key's do not count for another's, and whether it lives is always told."""
    limits = {"ERRCLASS_SERVE__RATE": "0.01", "ERRCLASS_SERVE__BURST": "2"}
    with run_service(tmp_path / "home", environ=limits) as service:
        _, other = KeyRing(service.home).create_key("other", ["classify"])
        answers = [service.ask("POST", "/v1/classify", json={"text": TEXT}) for _ in range(3)]
        assert [200, 200, 429] == [answer.status_code for answer in answers]
        assert int(answers[-1].headers["retry-after"]) > 1
        assert 200 == service.ask("POST", "/v1/classify", key=other, json={"text": TEXT}).status_code
        assert [401, 401, 429] == [service.ask("GET", "/openapi.json", key="wrong").status_code for _ in range(3)]
        assert 200 == service.ask("GET", "/health/live").status_code


def test_reports_that_are_switched_off_are_none(tmp_path: Path) -> None:
    """Neither of the service nor of the command."""
    off = {"ERRCLASS_ENABLE__REPORTING": "false"}
    with run_service(tmp_path / "home", environ=off) as service:
        answer = service.ask("GET", "/v1/reports/summary")
    done = start_errclass("report", cwd=tmp_path, environ={**off, "ERRCLASS_HOME": "home"})
    assert (422, 2) == (answer.status_code, done.code)
    assert [True, True] == ["enable.reporting" in text for text in (answer.text, done.err)]


def test_keys_are_shown_once_and_kept_as_hashes(tmp_path: Path) -> None:
    """In a file that only its owner may read."""
    made = start_errclass(
        "serve", "keys", "create", "ci", "--scope", "read", cwd=tmp_path, environ={"ERRCLASS_HOME": "h"}
    )
    listed = start_errclass("serve", "keys", "list", "--format", "json", cwd=tmp_path, environ={"ERRCLASS_HOME": "h"})
    file = tmp_path / "h" / "service-keys.json"
    key = made.out.strip()
    assert [("ci", ["read"], None)] == [(one["name"], one["scopes"], one["revoked"]) for one in listed.json["keys"]]
    assert (0o600, False, False) == (stat.S_IMODE(file.stat().st_mode), key in file.read_text(), key in listed.out)
    gone = start_errclass("serve", "keys", "revoke", "ci", cwd=tmp_path, environ={"ERRCLASS_HOME": "h"})
    again = start_errclass("serve", "keys", "revoke", "ci", cwd=tmp_path, environ={"ERRCLASS_HOME": "h"})
    assert (0, 2) == (gone.code, again.code)


def test_steps_are_logged_where_the_settings_ask_for_it(tmp_path: Path) -> None:
    """However quiet it is to be."""
    with run_service(tmp_path / "home", environ={"ERRCLASS_LOGGING__DEBUG": "true"}) as service:
        service.ask("POST", "/v1/handle", json={"text": TEXT})
        service.stop()
        assert service.process.stderr is not None
        assert "DEBUG errclass.step" in service.process.stderr.read()


def test_requests_are_logged_without_what_they_say(tmp_path: Path) -> None:
    """By route and by the key's id."""
    home = tmp_path / "home"
    made, text = KeyRing(home).create_key("one", ["classify", "read"])
    environment = {**os.environ, "ERRCLASS_HOME": str(home)}
    command = [sys.executable, "-m", "errclass", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        url = process.stderr.readline().rpartition(" ")[2].strip()
        headers = {"Authorization": f"Bearer {text}"}
        httpx.get(f"{url}/v1/outcomes/private-id?x=private-query", headers=headers, trust_env=False)
        process.terminate()
        log = process.stderr.read()
    assert "errclass.request: GET /v1/outcomes/{outcome_id:path} 404" in log
    assert (True, False, False) == (made.id in log, text in log, "private" in log)


def test_a_report_that_is_due_is_made(tmp_path: Path) -> None:
    """By the service, beside its work; what is being made when it is told to end is finished."""
    home = tmp_path / "home"
    with Store(home / "store") as store:
        store.change_state("report-schedules", "daily", lambda _: ({"last": "2026-01-01T00:00:00+00:00"}, None))
    schedule = {"cron": "0 7 * * *", "format": "json", "type": "detailed"}
    environ = {"ERRCLASS_REPORTING__SCHEDULES": json.dumps({"daily": schedule})}
    with run_service(home, environ=environ) as running:
        assert 200 == running.ask("GET", "/v1/reports/waste").status_code
        assert 0 == running.stop()
    (kept,) = (home / "reports").iterdir()
    assert (0, "detailed") == (json.loads(kept.read_text())["record_count"], kept.name.partition("-")[0])
