"""What is kept of one request to an agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

from .runs import AgentRun, PullRequest, RunState

EntryState = Literal["starting", "uncertain", "running", "completed", "failed", "cancelled", "not_started"]
PAID: frozenset[EntryState] = frozenset({"starting", "uncertain", "running", "completed", "failed", "cancelled"})
_UNDER_WAY: frozenset[EntryState] = frozenset({"starting", "uncertain", "running"})
_RUN_STATES: Mapping[str, RunState] = {"completed": "completed", "failed": "failed", "cancelled": "cancelled"}
_DECISIONS = frozenset({"merged", "closed"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one request to an agent and what became of it."""

    key: str
    """Id of the escalation."""
    started: datetime
    """When it was asked last."""
    state: EntryState = "starting"
    run_id: str | None = None
    url: str = ""
    repository: str | None = None
    confidence: float = 0.0
    ended: datetime | None = None
    message: str = ""
    pull_requests: tuple[str, ...] = ()
    """Their links."""
    fates: tuple[tuple[str, str], ...] = ()
    """(link, what became of it), oldest first."""
    cause: str = ""
    """What failed: the same for all escalations of one operation and cause."""

    @property
    def active(self) -> bool:
        """Whether it may still be working."""
        return self.state in _UNDER_WAY

    @property
    def decided(self) -> bool:
        """Whether a person merged or closed its pull request."""
        return any(fate in _DECISIONS for _, fate in self.fates)


def add_run(entry: Entry, run: AgentRun, message: str, now: datetime) -> Entry:
    """Return the entry with what is known of its run now."""
    links = tuple(dict.fromkeys((*entry.pull_requests, *(one.url for one in run.pull_requests))))
    ended = None if run.state == "running" else entry.ended or now
    return replace(
        entry, state=run.state, run_id=run.id, url=run.url, ended=ended, pull_requests=links, message=message
    )


def describe_run(entry: Entry) -> AgentRun | None:
    """Return the run as it was told of last; None where none is known."""
    if entry.run_id is None:
        return None
    return AgentRun(
        entry.run_id,
        _RUN_STATES.get(entry.state, "running"),
        url=entry.url,
        pull_requests=tuple(map(PullRequest, entry.pull_requests)),
    )


def rebuild_entry(document: Mapping[str, Any]) -> Entry:
    """Return the entry that this JSON is of; raises KeyError, TypeError or ValueError for what is none."""
    known = {one.name for one in fields(Entry)}
    values = {name: value for name, value in document.items() if name in known}
    values["started"] = datetime.fromisoformat(values["started"])
    values["ended"] = datetime.fromisoformat(values["ended"]) if values.get("ended") else None
    values["pull_requests"] = tuple(values.get("pull_requests", ()))
    values["fates"] = tuple((str(url), str(fate)) for url, fate in values.get("fates", ()))
    return Entry(**values)
