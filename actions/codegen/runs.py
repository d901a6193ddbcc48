"""A run of an agent, and the pull requests that it opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...core.frozen import FrozenDict

RunState = Literal["running", "completed", "failed", "cancelled"]

_STATES: Mapping[str, RunState] = {
    "COMPLETE": "completed",
    "COMPLETED": "completed",
    "SUCCESS": "completed",
    "FAILED": "failed",
    "ERROR": "failed",
    "TIMEOUT": "failed",
    "CANCELLED": "cancelled",
    "CANCELED": "cancelled",
    "STOPPED": "cancelled",
}


def judge_status(status: str | None) -> RunState:
    """Return what a status means; the API does not list them, so one that is not known counts as still running."""
    return _STATES.get((status or "").strip().upper(), "running")


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Hold one pull request that a run opened."""

    url: str
    title: str = ""
    branch: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AgentRun:
    """Hold a run as the agent told of it last."""

    id: str
    state: RunState
    status: str | None = None
    """In the agent's own word."""
    url: str = ""
    """Where a person can watch it."""
    summary: str = ""
    pull_requests: tuple[PullRequest, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=FrozenDict)
