"""What came of asking an agent: always a value, with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...core.jsonable import to_jsonable
from .runs import AgentRun, PullRequest

ResultKind = Literal[
    "started", "running", "completed", "failed", "cancelled", "deadline",
    "refused", "uncertain",
    "unauthorized", "forbidden", "payment_required", "not_found", "invalid", "rate_limited", "server_error",
    "timeout", "unreachable", "malformed", "broken",
]  # fmt: skip
"""The first six are about a run, the next two about not asking at all or not again, the rest about the API.

The last one is about the adapter of an agent, that raised an error."""

ConnectionStatus = Literal["connected", "unauthorized", "not_found", "rate_limited", "unreachable", "malformed"]
PullRequestFate = Literal["green", "red", "merged", "closed"]
"""Its checks passed, or did not; a person merged it, or closed it."""

ADVICE: Mapping[str, str] = {
    "started": "follow it to its end",
    "running": "follow it to its end",
    "completed": "have a person review and merge its pull request",
    "failed": "look at the run's page, then hand the failure to a person",
    "cancelled": "start it anew if it is still wanted",
    "deadline": "it may still end well: follow it again, or watch its page",
    "refused": "hand the failure to a person",
    "uncertain": "look at the agent's own list of runs and say what is there (report_run): no other is started",
    "unauthorized": "check the API key (CODEGEN_API_KEY)",
    "forbidden": "the key's owner must be a member of the organisation (CODEGEN_ORG_ID)",
    "payment_required": "the plan's runs are used up: upgrade it, or hand the failure to a person",
    "not_found": "check the organisation (CODEGEN_ORG_ID), that it has repositories, and the run's id",
    "invalid": "the request does not fit the API of this day; report it with this message",
    "rate_limited": "wait, then ask again",
    "server_error": "the agent's service is unwell; ask again later",
    "timeout": "the agent's service is slow; ask again later",
    "unreachable": "check CODEGEN_API_URL, the network, and its proxy",
    "malformed": "check that CODEGEN_API_URL leads to the agent's API",
    "broken": "report it to whoever wrote the agent's adapter; an update may mend it",
}
RETRYABLE = frozenset({"rate_limited", "server_error", "timeout", "unreachable"})
"""Kinds after which the same may succeed later."""
_GOOD = frozenset({"started", "running", "completed"})


@dataclass(frozen=True, slots=True)
class AgentResult:
    """Say what came of one request to an agent."""

    kind: ResultKind
    message: str
    run: AgentRun | None = None
    status: int | None = None
    """HTTP status, where there was one."""
    retry_after: float | None = None
    """Seconds that the agent asked to wait."""
    reason: str = ""
    """Why it was refused, as one word."""

    @property
    def success(self) -> bool:
        """Whether it went as asked so far."""
        return self.kind in _GOOD

    @property
    def advice(self) -> str:
        """What to do now."""
        return ADVICE[self.kind]

    @property
    def retryable(self) -> bool:
        """Whether the same may succeed later."""
        return self.kind in RETRYABLE

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return {**values, "success": self.success, "advice": self.advice, "retryable": self.retryable}


@dataclass(frozen=True, slots=True)
class Connection:
    """Say whether the agent can be reached with the key."""

    status: ConnectionStatus
    message: str
    advice: str = ""
    account: str = ""
    """Agent and organisation."""
    runs: int | None = None
    """Runs of the organisation, where the agent tells."""
    retry_after: float | None = None

    @property
    def success(self) -> bool:
        """Whether it can."""
        return self.status == "connected"

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return {**values, "success": self.success}


@dataclass(frozen=True, slots=True)
class PullRequestNews:
    """Tell what became of a run's pull request."""

    run_id: str
    key: str
    """What the run was started for."""
    pull_request: PullRequest
    fate: PullRequestFate
    by: str | None = None
    """Who merged or closed it."""
