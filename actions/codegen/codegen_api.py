"""Codegen's API as it is documented: create, look, list, resume, ban. See https://docs.codegen.com/api-reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ...core.errors import UsageError
from ..web.keys import is_key
from .fix_agent import FixTask, Found, RateLimit
from .replies import judge_reply
from .results import ADVICE, AgentResult, Connection, ConnectionStatus, ResultKind
from .run_reading import read_run
from .runs import AgentRun
from .steps import Ask, Talk

CODEGEN_URL: Final = "https://api.codegen.com"
KEY: Final = "errclass_id"
"""Name of our id in a run's metadata."""
_PAGE: Final = 100
_PAGES: Final = 3
_CONNECTIONS: dict[ResultKind, ConnectionStatus] = {
    "unauthorized": "unauthorized",
    "forbidden": "unauthorized",
    "not_found": "not_found",
    "invalid": "not_found",
    "rate_limited": "rate_limited",
    "malformed": "malformed",
}


@dataclass(frozen=True, slots=True)
class CodegenPaths:
    """Say where the API's calls are; ``{org}`` and ``{run}`` are filled in."""

    create: str = "/v1/organizations/{org}/agent/run"
    look: str = "/v1/organizations/{org}/agent/run/{run}"
    runs: str = "/v1/organizations/{org}/agent/runs"
    resume: str = "/v1/organizations/{org}/agent/run/resume"
    stop: str = "/v1/organizations/{org}/agent/run/ban"


@dataclass(frozen=True, slots=True)
class CodegenApi:
    """Talk to Codegen for one organisation. Raises UsageError for a key or an organisation that can be none."""

    key: str = field(repr=False)
    organization: int
    url: str = CODEGEN_URL
    repository_id: int | None = None
    """Codegen's number of the repository; None: the organisation's own choice, and the prompt names it."""
    model: str | None = None
    agent_type: Literal["codegen", "claude_code"] | None = None
    paths: CodegenPaths = CodegenPaths()

    def __post_init__(self) -> None:
        if not is_key(self.key):
            raise UsageError("CODEGEN_API_KEY: a key is one word of printable characters; take a new one from Codegen")
        if isinstance(self.organization, bool) or not isinstance(self.organization, int) or self.organization < 1:
            raise UsageError(f"CODEGEN_ORG_ID: an organisation is a number from 1, not {self.organization!r}")

    @property
    def name(self) -> str:
        """What it is called."""
        return "codegen"

    @property
    def account(self) -> str:
        """What rate limits and budgets belong to."""
        return f"codegen/{self.organization}"

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of every request."""
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def limits(self) -> Mapping[str, RateLimit]:
        """As documented."""
        return {"create": RateLimit(10, 60.0), "other": RateLimit(60, 30.0)}

    def start(self, task: FixTask) -> Talk[AgentResult]:
        """Create a run."""
        body: dict[str, Any] = {"prompt": task.prompt, "metadata": {**task.metadata, KEY: task.key}}
        optional = {"repo_id": self.repository_id, "model": self.model, "agent_type": self.agent_type}
        body |= {name: value for name, value in optional.items() if value is not None}
        path = self.paths.create.format(org=self.organization)
        reply = yield Ask("POST", path, body, repeatable=False, limit="create")
        return self._tell_run(judge_reply(reply), "started", reply.status)

    def find(self, key: str) -> Talk[Found]:
        """Look for the run with this key among the newest that were started by the API."""
        for page in range(_PAGES):
            reply = yield self._list(page * _PAGE, _PAGE, "&source_type=API")
            value = judge_reply(reply)
            if isinstance(value, AgentResult):
                return Found(fault=value)
            if not _is_page(value):
                return Found(fault=AgentResult("malformed", "the answer is no list of runs"))
            for run in _read_page(value):
                if run.metadata.get(KEY) == key:
                    return Found(run)
            if len(value["items"]) < _PAGE:
                break
        return Found()

    def look(self, run_id: str) -> Talk[AgentResult]:
        """Ask how a run stands."""
        path = self.paths.look.format(org=self.organization, run=_check_id(run_id))
        reply = yield Ask("GET", path)
        return self._tell_run(judge_reply(reply), None, reply.status)

    def resume(self, run_id: str, prompt: str) -> Talk[AgentResult]:
        """Give a run more to do."""
        body = {"agent_run_id": int(_check_id(run_id)), "prompt": prompt}
        path = self.paths.resume.format(org=self.organization)
        reply = yield Ask("POST", path, body, repeatable=False)
        return self._tell_run(judge_reply(reply), "running", reply.status)

    def cancel(self, run_id: str) -> Talk[AgentResult]:
        """Ban the run: it stops the agents of its pull request, and nothing more is documented; then look at it."""
        body = {"agent_run_id": int(_check_id(run_id))}
        reply = yield Ask("POST", self.paths.stop.format(org=self.organization), body)
        value = judge_reply(reply)
        if isinstance(value, AgentResult):
            return value
        return (yield from self.look(run_id))

    def test(self) -> Talk[Connection]:
        """List the newest run."""
        reply = yield self._list(0, 1)
        value = judge_reply(reply)
        if isinstance(value, AgentResult):
            status = _CONNECTIONS.get(value.kind, "unreachable")
            return Connection(status, value.message, value.advice, self.account, retry_after=value.retry_after)
        if not _is_page(value):
            said = "the answer is no list of runs"
            return Connection("malformed", said, ADVICE["malformed"], self.account)
        total = value.get("total")
        runs = total if isinstance(total, int) and not isinstance(total, bool) else None
        return Connection("connected", "the organisation's runs can be listed", "", self.account, runs)

    def _list(self, skip: int, limit: int, more: str = "") -> Ask:
        return Ask("GET", f"{self.paths.runs.format(org=self.organization)}?skip={skip}&limit={limit}{more}")

    def _tell_run(self, value: Any, kind: ResultKind | None, status: int | None) -> AgentResult:
        """Return the run; ``kind`` where it was just set going, None where its own state is the answer."""
        if isinstance(value, AgentResult):
            return value
        run = read_run(value)
        if run is None or value.get("organization_id", self.organization) != self.organization:
            return AgentResult("malformed", "the answer is no run of this organisation", status=status)
        return AgentResult(kind or run.state, f"the run {run.id} is {run.status or 'under way'}", run, status)


def _is_page(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("items"), list)


def _read_page(page: Mapping[str, Any]) -> Iterator[AgentRun]:
    for item in page["items"][:_PAGE]:
        run = read_run(item)
        if run is not None:
            yield run


def _check_id(run_id: str) -> str:
    """Return the id; raises UsageError for one that could lead to another path."""
    if not re.fullmatch(r"[0-9]{1,18}", run_id):
        raise UsageError(f"a run of Codegen has a number, not {run_id[:50]!r}")
    return run_id
