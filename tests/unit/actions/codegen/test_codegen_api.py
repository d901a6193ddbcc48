"""Every answer of the API, good or bad, is one clear result."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from support.codegen_server import ORG, Codegen, Trouble
from support.escalations import make_escalation

from errclass.actions.codegen import CodegenApi, CodegenIntegration, CodegenPaths
from errclass.core.errors import UsageError

Make = Callable[..., CodegenIntegration]
LATER = {"Retry-After": "7"}


def _body(value: Any) -> bytes:
    return json.dumps(value).encode()


# What goes wrong, the answer's kind, the most requests that are made of it, and a word of its advice.
FAULTS = (
    (Trouble(401, _body({"message": "Invalid token"})), "unauthorized", 1, "CODEGEN_API_KEY"),
    (Trouble(402, _body({"message": "used up"})), "payment_required", 1, "plan"),
    (Trouble(403, b"{}"), "forbidden", 1, "CODEGEN_ORG_ID"),
    (Trouble(404, _body({"message": "No repos found"})), "not_found", 1, "CODEGEN_ORG_ID"),
    (Trouble(422, _body({"detail": [{"loc": ["body"], "msg": "Field required"}]})), "invalid", 1, "report"),
    (Trouble(400, b"no"), "invalid", 1, "report"),
    (Trouble(418, b""), "invalid", 1, "report"),
    (Trouble(429, b"{}", LATER), "rate_limited", 4, "wait"),
    (Trouble(500, b"oops"), "server_error", 4, "later"),
    (Trouble(503, b"", LATER), "server_error", 4, "later"),
    (Trouble(301, b"", {"Location": "http://127.0.0.1:9/"}), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, b"<html>"), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, b""), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, b"[" * 100_000), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, _body({"id": "41894"})), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, _body({"id": True})), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, _body({"id": 1, "organization_id": 9})), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, _body({"id": 1, "status": 5})), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, b"x" * (2 << 20)), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(200, gzip.compress(b" " * (64 << 20)), {"Content-Encoding": "gzip"}), "malformed", 1, "CODEGEN_API_URL"),
    (Trouble(cuts=True), "malformed", 4, "CODEGEN_API_URL"),
    (Trouble(mute=True), "timeout", 4, "later"),
)


@pytest.mark.parametrize("twin", ["look", "alook"])
@pytest.mark.parametrize(
    ("trouble", "kind", "requests", "word"), FAULTS, ids=[f"{k}-{i}" for i, (_, k, _, _) in enumerate(FAULTS)]
)
def test_every_fault_has_its_own_result(
    codegen: Codegen, make: Make, twin: str, trouble: Trouble, kind: str, requests: int, word: str
) -> None:
    """Only what may pass by itself is asked again, and no redirect is followed."""
    make(total=10.0).trigger_error_resolution(make_escalation())
    integration = make(total=0.6 if trouble.mute else 10.0)
    codegen.asked.clear()
    codegen.troubles = [trouble] * 9
    asked = getattr(integration, twin)("41894")
    result = asyncio.run(asked) if twin == "alook" else asked
    assert (kind, False, requests) == (result.kind, result.success, len(codegen.asked))
    assert word in result.advice
    assert 7.0 == result.retry_after or "Retry-After" not in trouble.headers
    assert (trouble.status if trouble.status or kind == "timeout" else 200) == result.status or trouble.cuts
    assert result.to_dict()["advice"] == result.advice


def test_a_creation_is_sent_again_only_where_it_was_not_taken(codegen: Codegen, make: Make) -> None:
    """429 says so, 500 does not."""
    codegen.troubles = [Trouble(429, b"{}", LATER), Trouble(429, b"{}", LATER)]
    assert "started" == make().trigger_error_resolution(make_escalation()).kind
    assert ["POST"] * 3 == [method for method, _, _ in codegen.asked]


def test_nobody_there_is_unreachable(codegen: Codegen, make: Make) -> None:
    """And costs nothing."""
    integration = make(api={"url": "http://127.0.0.1:9"})
    result = integration.trigger_error_resolution(make_escalation())
    assert ("unreachable", "not_started") == (result.kind, integration.get_history()[0].state)
    assert "unreachable" == integration.test_codegen_connection().status


@pytest.mark.parametrize("twin", ["test_codegen_connection", "atest_codegen_connection"])
@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (None, "connected"),
        (Trouble(401, b"{}"), "unauthorized"),
        (Trouble(403, b"{}"), "unauthorized"),
        (Trouble(404, b"{}"), "not_found"),
        (Trouble(422, b"{}"), "not_found"),
        (Trouble(429, b"{}", LATER), "rate_limited"),
        (Trouble(500, b"{}"), "unreachable"),
        (Trouble(200, b"<html>"), "malformed"),
        (Trouble(200, b"[]"), "malformed"),
        (Trouble(200, b'{"items": 5}'), "malformed"),
        (Trouble(302, b""), "malformed"),
        (Trouble(cuts=True), "malformed"),
    ],
)
def test_the_connection_is_tested_by_listing_runs(
    codegen: Codegen, make: Make, twin: str, trouble: Trouble | None, status: str
) -> None:
    """It costs nothing, and says what is wrong."""
    codegen.troubles = [trouble] * 9
    tested = getattr(make(), twin)()
    found = asyncio.run(tested) if twin.startswith("a") else tested
    assert (status, status == "connected", f"codegen/{ORG}") == (found.status, found.success, found.account)
    assert ("GET", f"/v1/organizations/{ORG}/agent/runs?skip=0&limit=1") == codegen.asked[0][:2]
    assert bool(found.advice) != found.success


@pytest.mark.parametrize(
    ("change", "status"), [({"key": "wrong"}, "unauthorized"), ({"organization": 9}, "unauthorized")]
)
def test_a_wrong_key_or_organisation_is_told(make: Make, change: dict[str, Any], status: str) -> None:
    """As the server says it."""
    assert status == make(api=change).test_codegen_connection().status


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"key": "two\nlines"},
        {"key": "with space"},
        {"key": "ключ"},
        {"organization": 0},
        {"organization": True},
        {"organization": "323"},
    ],
    ids=str,
)
def test_what_can_be_no_key_or_organisation_is_refused(change: dict[str, Any]) -> None:
    """Before anything is sent."""
    with pytest.raises(UsageError, match=r"CODEGEN_(API_KEY|ORG_ID)"):
        CodegenApi(**({"key": "k", "organization": 1} | change))


@pytest.mark.parametrize(
    "url",
    [
        "http://api.codegen.com",
        "ftp://api.codegen.com",
        "api.codegen.com",
        "https://user:word@api.codegen.com",
        "https://api.codegen.com?x=1",
        "https://api.codegen.com#x",
        "https://api.codegen.com\nHost: x",
        "https://",
        "https://[::1",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://10.0.0.1",
        "",
    ],
)
def test_a_url_that_must_not_get_the_key_is_refused(make: Make, url: str) -> None:
    """Plain HTTP is for this machine."""
    with pytest.raises(UsageError, match="URL"):
        make(api={"url": url})


@pytest.mark.parametrize("url", ["https://api.codegen.com/", "http://localhost:8000", "http://[::1]:8000/base"])
def test_a_url_that_may_get_it_is_taken(make: Make, url: str) -> None:
    """Whatever its last character."""
    assert make(api={"url": url}) is not None


def test_paths_and_wishes_reach_the_api(codegen: Codegen, make: Make) -> None:
    """Repository, model and kind of agent are sent where they are given; paths may be other ones."""
    make(api={"repository_id": 12, "model": "m", "agent_type": "claude_code"}).trigger_error_resolution(
        make_escalation()
    )
    sent = codegen.asked[0][2]
    assert (12, "m", "claude_code") == (sent["repo_id"], sent["model"], sent["agent_type"])
    make(api={"paths": CodegenPaths(look="/other/{org}/{run}")}).look("5")
    assert f"/other/{ORG}/5" == codegen.asked[-1][1]


def test_the_key_is_nowhere_to_be_seen(make: Make) -> None:
    """Not where the parts are shown."""
    assert "sk-test" not in repr(CodegenApi("sk-test", 1))


def test_what_a_stranger_says_is_told_bounded_and_printable(codegen: Codegen, make: Make) -> None:
    """Without secrets; links that are none of the web are dropped."""
    said = "no\x1b[2J\u202e way " + "password=hunter2hunter2 " + "x" * 9_000
    codegen.troubles = [Trouble(403, _body({"message": said}))]
    message = make().look("5").message
    assert (True, True, False) == (message.isprintable(), len(message) < 500, "hunter2" in message)
    run = {"id": 5, "web_url": "javascript:alert(1)", "github_pull_requests": [{"url": "http://x"}, 7, {"url": 5}, {}]}
    codegen.troubles = [Trouble(200, _body(run | {"metadata": [1], "summary": {"a": 1}}))]
    found = make().look("5").run
    assert found is not None
    assert ("", (), "running", "") == (found.url, found.pull_requests, found.state, found.summary)
