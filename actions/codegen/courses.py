"""How a run is started without being paid for twice, and followed to its end; of any agent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .fix_agent import FixAgent, FixTask, Found
from .results import RETRYABLE, AgentResult
from .runs import AgentRun
from .steps import Pause, Talk

_SEARCHES = (2.0, 5.0)
"""Seconds before each search for a run of which it is not known whether it was made."""
_UNSURE = frozenset({"timeout", "server_error", "malformed"})
"""Answers to a creation after which there may be a run all the same."""


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """Say how a run is watched; times in seconds."""

    deadline: float = 1_800.0
    interval: float = 10.0
    """Before the second look; it grows by half each time."""
    longest: float = 60.0
    troubles: int = 5
    """Looks that may fail in a row."""
    late_links: int = 3
    """Further looks at a completed run that names no pull request yet."""


def start_once(agent: FixAgent, task: FixTask, *, search: bool) -> Talk[AgentResult]:
    """Start a run with one creation; where it is not known whether that was done, look for the run by its key.

    ``search`` only looks, for a task that was begun before. ``uncertain`` says that there may be a run: a list that
    does not show it may be behind, so none is made in its place.
    """
    if search:
        return _tell_found((yield from agent.find(task.key)), "it was asked for before")
    result = yield from agent.start(task)
    if result.kind not in _UNSURE:
        return result
    return _tell_found((yield from _search(agent, task.key)), result.message)


def _search(agent: FixAgent, key: str) -> Talk[Found]:
    found = Found()
    for seconds in _SEARCHES:
        yield Pause(seconds)
        found = yield from agent.find(key)
        if found.run is not None:
            break
    return found


def _tell_found(found: Found, before: str) -> AgentResult:
    if found.run is not None:
        return AgentResult("started", f"the run {found.run.id} was started before", found.run)
    said = found.fault.message if found.fault is not None else "the agent's list does not show it, and may be behind"
    return AgentResult("uncertain", f"there may be a run ({before}): {said}")


def follow_run(agent: FixAgent, run_id: str, options: FollowOptions, clock: Callable[[], float]) -> Talk[AgentResult]:
    """Look at a run until it ends, its deadline comes, or looking fails too often; the last known run is told too."""
    end, interval, troubles, late = clock() + options.deadline, options.interval, 0, 0
    last: AgentRun | None = None
    while True:
        result = yield from agent.look(run_id)
        if result.run is not None:
            last, troubles = result.run, 0
            if not _is_open(result.run, late, options):
                return result
            late += result.run.state == "completed"
        else:
            troubles += 1
            if troubles > options.troubles or result.kind not in RETRYABLE | {"malformed"}:
                return replace(result, run=last)
        wait = max(interval, result.retry_after or 0.0)
        if clock() + wait > end:
            return _tell_deadline(run_id, last, options)
        yield Pause(wait)
        interval = min(interval * 1.5, options.longest)


def _is_open(run: AgentRun, late: int, options: FollowOptions) -> bool:
    if run.state == "completed":
        return not run.pull_requests and late < options.late_links
    return run.state == "running"


def _tell_deadline(run_id: str, last: AgentRun | None, options: FollowOptions) -> AgentResult:
    if last is not None and last.state == "completed":
        return AgentResult("completed", f"the run {run_id} is {last.status}, without a pull request", last)
    word = last.status if last is not None else None
    said = f"the run {run_id} did not end in {options.deadline:.0f} s; its status is {word or 'unknown'}"
    return AgentResult("deadline", said, last)
