"""Have an agent mend what failed: asked only where it is worth it, paid once, followed to its end. It never merges."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from ...core.clock import utc_now
from ...core.errors import StoreError, UsageError
from ...core.frozen import FrozenDict
from ..escalate.escalation import Escalation
from ..escalate.execution import describe_error
from ..state_keeper import StateKeeper
from .courses import FollowOptions, follow_run
from .desk import Order, RunDesk
from .entry import Entry
from .fences import clean_data
from .fix_agent import FixAgent
from .gate import GateOptions
from .line import AgentLine
from .prompts import MOST_PROMPT
from .results import ADVICE, AgentResult, Connection, PullRequestFate, PullRequestNews, ResultKind
from .runs import PullRequest
from .statistics import AgentStatistics, sum_up
from .steps import Talk

_log = logging.getLogger("errclass")
_FATES = ("green", "red", "merged", "closed")


@dataclass(frozen=True, slots=True)
class IntegrationOptions:
    """Say when an agent is asked, and how it is watched."""

    gate: GateOptions = field(default_factory=GateOptions)
    follow: FollowOptions = field(default_factory=FollowOptions)


class CodegenIntegration:
    """Ask an agent to mend failures. Every outcome is a value with what to do; nothing is raised into the pipeline.

    ``keeper`` is where runs, budget and request counts are kept for all processes (an ``errclass.Store``); without one
    this process keeps its own. ``record`` is told what became of pull requests. With ``acting`` off nothing is asked.
    Safe to share between threads and tasks.
    """

    def __init__(
        self,
        agent: FixAgent,
        *,
        keeper: StateKeeper | None = None,
        options: IntegrationOptions | None = None,
        line: AgentLine | None = None,
        record: Callable[[PullRequestNews], object] | None = None,
        acting: bool = True,
        clock: Callable[[], datetime] = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.options = options or IntegrationOptions()
        self._agent = agent
        self._line = line or AgentLine(agent, keeper=keeper)
        self._desk = RunDesk(agent, keeper, self.options.gate, clock, acting=acting)
        self._record = record
        self._clock = clock
        self._ticks = ticks

    def trigger_error_resolution(self, escalation: Escalation) -> AgentResult:
        """Start a run for an escalation, once for each: asked again, the same run is told.

        While a run of the same cause may still lead to a pull request, or its pull request waits for a person, that run
        is told as the reason to start no other (``in_progress``).
        """
        order = self._desk.reserve(escalation)
        if isinstance(order, AgentResult):
            return order
        return self._desk.settle(order, self._run(lambda: self._desk.open(order), order))

    async def atrigger_error_resolution(self, escalation: Escalation) -> AgentResult:
        """Start a run for an escalation, likewise."""
        order = await asyncio.to_thread(self._desk.reserve, escalation)
        if isinstance(order, AgentResult):
            return order
        result = await self._arun(lambda: self._desk.open(order), order)
        return await asyncio.to_thread(self._desk.settle, order, result)

    def look(self, run_id: str) -> AgentResult:
        """Ask once how a run stands."""
        return self._desk.note(run_id, self._run(lambda: self._agent.look(run_id)))

    async def alook(self, run_id: str) -> AgentResult:
        """Ask once how a run stands."""
        return await asyncio.to_thread(self._desk.note, run_id, await self._arun(lambda: self._agent.look(run_id)))

    def follow(self, run_id: str) -> AgentResult:
        """Watch a run until it ends or the deadline comes; a status that is not known counts as still running."""
        return self._desk.note(run_id, self._run(lambda: self._watch(run_id)))

    async def afollow(self, run_id: str) -> AgentResult:
        """Watch a run, likewise."""
        return await asyncio.to_thread(self._desk.note, run_id, await self._arun(lambda: self._watch(run_id)))

    def resume(self, run_id: str, prompt: str) -> AgentResult:
        """Give a run more to do, in words of your own; secrets in them are masked."""
        refused = self._desk.refuse_if_off()
        return refused or self._desk.note(run_id, self._run(lambda: self._ask_more(run_id, prompt)))

    async def aresume(self, run_id: str, prompt: str) -> AgentResult:
        """Give a run more to do, likewise."""
        refused = self._desk.refuse_if_off()
        if refused is not None:
            return refused
        result = await self._arun(lambda: self._ask_more(run_id, prompt))
        return await asyncio.to_thread(self._desk.note, run_id, result)

    def cancel(self, run_id: str) -> AgentResult:
        """Ask the agent to stop a run, and tell how it stands then: stopping may take it a while, or not happen.

        Codegen documents that this stops the agents of the run's pull request and shuts them out of it; for a run that
        has opened none, nothing is promised. What was paid stays paid, and pull requests stay open.
        """
        return self._desk.note(run_id, self._run(lambda: self._agent.cancel(run_id)))

    async def acancel(self, run_id: str) -> AgentResult:
        """Ask the agent to stop a run, likewise."""
        return await asyncio.to_thread(self._desk.note, run_id, await self._arun(lambda: self._agent.cancel(run_id)))

    def test_codegen_connection(self) -> Connection:
        """Find out whether the agent can be reached with the key; costs nothing."""
        try:
            return self._line.run(self._agent.test())
        except Exception as error:  # noqa: BLE001 - the rim, as below
            return _tell_unreachable(error, self._agent.account)

    async def atest_codegen_connection(self) -> Connection:
        """Find out whether the agent can be reached, likewise."""
        try:
            return await self._line.arun(self._agent.test())
        except Exception as error:  # noqa: BLE001 - the rim, as below
            return _tell_unreachable(error, self._agent.account)

    def report_pull_request(
        self, run_id: str, url: str, fate: PullRequestFate, *, by: str | None = None
    ) -> PullRequestNews | None:
        """Say what became of a run's pull request, and have it recorded; None for a run that is not known here.

        Whoever hears of it calls this, such as a webhook or a scheduled job: the agent's API does not tell.
        """
        if fate not in _FATES:
            raise UsageError(f"fate: {fate!r} is none of {', '.join(_FATES)}")

        def add(entry: Entry) -> Entry:
            links = entry.pull_requests if url in entry.pull_requests else (*entry.pull_requests, url)
            return replace(entry, pull_requests=links, fates=(*entry.fates, (url, fate)))

        entry = self._desk.change_run(run_id, add)
        if entry is None:
            return None
        news = PullRequestNews(run_id, entry.key, PullRequest(url), fate, by)
        self._tell(news)
        return news

    def report_run(self, escalation_id: str, run_id: str | None) -> Entry | None:
        """Say, after a look at the agent's own list, which run there is for a request that is ``uncertain``.

        None: there is none, and it may be asked for again. Returns what is kept then; None where nothing was unknown.
        Raises StoreError where it cannot be kept.
        """
        return self._desk.book.settle(escalation_id, run_id)

    def get_statistics(self) -> AgentStatistics:
        """Return counts over what is kept of all processes; refusals are this process's own."""
        return sum_up(self.get_history(), FrozenDict(self._desk.refused), self._clock())

    def get_active_requests(self) -> tuple[Entry, ...]:
        """Return the requests whose runs have not ended, as far as is known; newest first."""
        return tuple(entry for entry in self.get_history() if entry.active)

    def get_history(self) -> tuple[Entry, ...]:
        """Return all requests that are kept, newest first; none while the store cannot be used."""
        try:
            return tuple(self._desk.book.list_entries())
        except StoreError as error:
            _log.warning("errclass.agent_runs_unreadable: %s", error)
            return ()

    def reset(self) -> None:
        """Forget what has ended and the counts of refusals; what is under way, or counts for today's budget, stays."""
        self._desk.refused.clear()
        try:
            self._desk.book.forget_ended()
        except StoreError as error:
            _log.warning("errclass.agent_runs_unreadable: %s", error)

    def _watch(self, run_id: str) -> Talk[AgentResult]:
        return follow_run(self._agent, run_id, self.options.follow, self._ticks)

    def _ask_more(self, run_id: str, prompt: str) -> Talk[AgentResult]:
        return self._agent.resume(run_id, clean_data(prompt, MOST_PROMPT))

    def _run(self, begin: Callable[[], Talk[AgentResult]], order: Order | None = None) -> AgentResult:
        try:
            return self._line.run(begin())
        except Exception as error:  # noqa: BLE001 - the rim: an adapter may be another's, and raise anything
            return _tell_fault(error, order)

    async def _arun(self, begin: Callable[[], Talk[AgentResult]], order: Order | None = None) -> AgentResult:
        try:
            return await self._line.arun(begin())
        except Exception as error:  # noqa: BLE001 - likewise
            return _tell_fault(error, order)

    def _tell(self, news: PullRequestNews) -> None:
        if self._record is None:
            return
        try:
            self._record(news)
        except Exception:  # noqa: BLE001 - the rim: whoever reported must not fail for whoever records
            _log.exception("errclass.listener_failed")


def _tell_fault(error: Exception, order: Order | None) -> AgentResult:
    said = f"the agent's adapter failed with {describe_error(error)}"
    if order is not None and order.run_id is None:
        kind: ResultKind = "uncertain"  # it may have been sent before
    elif isinstance(error, UsageError):  # of a run's id
        return AgentResult("not_found", str(error))
    else:
        kind = "broken"
    _log.warning("errclass.agent_failed: %s", said)  # without a traceback, which could show the key
    return AgentResult(kind, said)


def _tell_unreachable(error: Exception, account: str) -> Connection:
    said = f"the agent's adapter failed with {describe_error(error)}"
    return Connection("malformed", said, ADVICE["broken"], account)
