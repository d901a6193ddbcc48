"""Any agent with an HTTP API fits: two requests and what they mean, and the rest is there."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, EntryPoints
from types import SimpleNamespace
from typing import Any

import pytest
from support.escalations import WallClock, make_escalation
from support.http_server import Answer, Server, serve

from errclass.actions.codegen import (
    AgentAccount,
    AgentLine,
    AgentResult,
    AgentRun,
    Ask,
    CodegenIntegration,
    Connection,
    FixAgent,
    FixTask,
    Found,
    RateLimit,
    Talk,
    find_agent,
    list_agents,
)
from errclass.core.errors import UsageError


@dataclass(frozen=True)
class Mender:
    """An agent whose API answers with a status alone."""

    account_data: AgentAccount

    @property
    def name(self) -> str:
        return "mender"

    @property
    def limits(self) -> Mapping[str, RateLimit]:
        return {}

    @property
    def account(self) -> str:
        return f"mender/{self.account_data.organization}"

    @property
    def url(self) -> str:
        return self.account_data.url

    @property
    def headers(self) -> Mapping[str, str]:
        return {"X-Key": self.account_data.key}

    def start(self, task: FixTask) -> Talk[AgentResult]:
        reply = yield Ask("POST", "/mend", {"text": task.prompt, "id": task.key}, repeatable=False)
        if reply.status == 200:
            return AgentResult("started", "it mends", AgentRun(task.key, "running"))
        return AgentResult("server_error", f"HTTP {reply.status}", status=reply.status)

    def find(self, key: str) -> Talk[Found]:
        reply = yield Ask("GET", f"/mend/{key}")
        return Found(AgentRun(key, "running") if reply.status == 200 else None)

    def look(self, run_id: str) -> Talk[AgentResult]:
        reply = yield Ask("GET", f"/mend/{run_id}")
        state = "completed" if reply.status == 200 else "running"
        return AgentResult(state, state, AgentRun(run_id, state))

    resume = cancel = look

    def test(self) -> Talk[Connection]:
        reply = yield Ask("GET", "/")
        return Connection("connected" if reply.status == 200 else "unreachable", str(reply.status))


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


def _make(server: Server) -> CodegenIntegration:
    clock = WallClock()
    agent = Mender(AgentAccount("k", "acme", server.url))
    line = AgentLine(agent, wall_clock=clock.seconds, sleep=clock.sleep, asleep=clock.asleep)
    return CodegenIntegration(agent, line=line, clock=clock, ticks=clock.seconds)


def test_another_agent_mends(server: Server) -> None:
    """Repetitions, search and following come with it, in threads and tasks."""
    server.answers = [Answer(502), Answer(404), Answer(200)]
    result = _make(server).trigger_error_resolution(make_escalation())
    assert ("started", ["POST", "GET", "GET"]) == (result.kind, [method for method, _ in server.asked])
    server.answers = [Answer(503), Answer(200)]
    assert "connected" == asyncio.run(_make(server).atest_codegen_connection()).status
    assert "completed" == asyncio.run(_make(server).afollow("esc-1")).kind


def _install(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    points = EntryPoints([EntryPoint("mender", value, "errclass.agents")])
    monkeypatch.setattr("errclass.core.plug_ins.entry_points", points.select)


def test_an_agent_that_two_packages_bring_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them would be asked is not known; the same one named twice is one."""
    two = [EntryPoint("mender", f"{module}:Mender", "errclass.agents") for module in ("one", "other")]
    monkeypatch.setattr("errclass.core.plug_ins.entry_points", EntryPoints(two).select)
    with pytest.raises(UsageError, match="several packages bring the agent 'mender': one:Mender and other:Mender"):
        find_agent("mender", AgentAccount("k", "7"))
    monkeypatch.setitem(sys.modules, "one", SimpleNamespace(Mender=Mender))
    monkeypatch.setattr("errclass.core.plug_ins.entry_points", EntryPoints([two[0]] * 2).select)
    assert "mender/7" == find_agent("mender", AgentAccount("k", "7")).account


def test_agents_are_found_by_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own by the same door."""
    account = AgentAccount("k", "7")
    assert "codegen/7" == find_agent("codegen", account).account
    assert ("codegen",) == list_agents()
    _install(monkeypatch, f"{__name__}:Mender")
    monkeypatch.setitem(sys.modules, __name__, SimpleNamespace(Mender=Mender))
    found: Any = find_agent("mender", account)
    assert (True, "mender/7") == (isinstance(found, FixAgent), found.account)


@pytest.mark.parametrize(
    ("value", "said"),
    [("no_such_module:x", "cannot be imported"), ("json:loads", "lacks methods"), ("json:x", "cannot")],
)
def test_a_plug_in_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, value: str, said: str) -> None:
    """By its name."""
    _install(monkeypatch, value)
    monkeypatch.setattr("json.loads", lambda _: "no agent")
    with pytest.raises(UsageError, match=f"'mender'.*{said}"):
        find_agent("mender", AgentAccount("k"))


def test_an_unknown_agent_is_told() -> None:
    """With those that are there."""
    with pytest.raises(UsageError, match="installed: codegen"):
        find_agent("nobody", AgentAccount("k"))


class Broken(Mender):
    """An agent whose adapter has faults: it takes every answer for what it expects."""

    def start(self, task: FixTask) -> Talk[AgentResult]:
        reply = yield Ask("POST", "/mend", {"text": task.prompt, "id": task.key}, repeatable=False)
        raise KeyError(f"id in {reply.status}; password=hunter2hunter2")

    def find(self, key: str) -> Talk[Found]:
        raise ValueError("no generator")

    look = resume = cancel = find  # type: ignore[assignment]

    def test(self) -> Talk[Connection]:
        yield Ask("GET", "/")
        raise UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")


@pytest.mark.parametrize("twin", ["", "a"])
def test_the_faults_of_an_adapter_are_results(server: Server, twin: str) -> None:
    """What may have been started is kept as such, so that it is not started again; no secret is told."""

    def call(name: str, *arguments: object) -> Any:
        asked = getattr(integration, f"{twin}{name}")(*arguments)
        return asyncio.run(asked) if twin else asked

    agent, clock = Broken(AgentAccount("k", "acme", server.url)), WallClock()
    integration = CodegenIntegration(agent, clock=clock, ticks=clock.seconds)
    result = call("trigger_error_resolution", make_escalation())
    assert ("uncertain", "uncertain") == (result.kind, integration.get_history()[0].state)
    assert ("KeyError" in result.message, "hunter2" in result.message) == (True, False)
    assert "uncertain" == call("trigger_error_resolution", make_escalation()).kind
    assert ["POST"] == [method for method, _ in server.asked]
    kinds = [
        call("look", "5").kind,
        call("follow", "5").kind,
        call("resume", "5", "go on").kind,
        call("cancel", "5").kind,
    ]
    assert ["broken"] * 4 == kinds
    assert ("malformed", False) == (call("test_codegen_connection").status, result.success)


@pytest.mark.parametrize("bad", [None, "esc-1", make_escalation(confidence="sure")])
def test_an_escalation_that_cannot_be_read_is_refused(server: Server, bad: Any) -> None:
    """Nothing is sent, kept or raised."""
    integration = _make(server)
    for result in (
        integration.trigger_error_resolution(bad),
        asyncio.run(integration.atrigger_error_resolution(bad)),
    ):
        assert ("refused", [], ()) == (result.kind, server.asked, integration.get_history())
