"""Have an agent mend what failed: asked only where it is worth it, paid once, followed to its end. It never merges."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ...core.clock import utc_now
from ...core.errors import StoreError, UsageError
from ...core.frozen import FrozenDict
from ..escalate.escalation import Escalation
from ..state_keeper import StateKeeper
from .courses import FollowOptions, follow_run, start_once
from .entry import Entry, EntryState, add_run, describe_run
from .fences import clean_data
from .fix_agent import FixAgent, FixTask
from .gate import GateOptions, find_obstacle
from .line import AgentLine
from .prompts import MOST_PROMPT, build_prompt
from .results import AgentResult, Connection, PullRequestFate, PullRequestNews
from .run_book import Reservation, RunBook
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
        quiet = timedelta(days=self.options.gate.quiet_days)
        self._book = RunBook(keeper, agent.account, clock=clock, quiet=quiet)
        self._record = record
        self._acting = acting
        self._clock = clock
        self._ticks = ticks
        self._refused: Counter[str] = Counter()

    def trigger_error_resolution(self, escalation: Escalation) -> AgentResult:
        """Start a run for an escalation, once for each: asked again, the same run is told.

        While a run of the same cause may still lead to a pull request, or its pull request waits for a person, that run
        is told as the reason to start no other (``in_progress``).
        """
        reserved = self._reserve(escalation)
        if isinstance(reserved, AgentResult):
            return reserved
        return self._settle(escalation.id, reserved, self._run(self._open(escalation, reserved)))

    async def atrigger_error_resolution(self, escalation: Escalation) -> AgentResult:
        """Start a run for an escalation, likewise."""
        reserved = await asyncio.to_thread(self._reserve, escalation)
        if isinstance(reserved, AgentResult):
            return reserved
        result = await self._arun(self._open(escalation, reserved))
        return await asyncio.to_thread(self._settle, escalation.id, reserved, result)

    def look(self, run_id: str) -> AgentResult:
        """Ask once how a run stands."""
        return self._note(run_id, self._run(self._agent.look(run_id)))

    async def alook(self, run_id: str) -> AgentResult:
        """Ask once how a run stands."""
        return await asyncio.to_thread(self._note, run_id, await self._arun(self._agent.look(run_id)))

    def follow(self, run_id: str) -> AgentResult:
        """Watch a run until it ends or the deadline comes; a status that is not known counts as still running."""
        return self._note(run_id, self._run(self._watch(run_id)))

    async def afollow(self, run_id: str) -> AgentResult:
        """Watch a run, likewise."""
        return await asyncio.to_thread(self._note, run_id, await self._arun(self._watch(run_id)))

    def resume(self, run_id: str, prompt: str) -> AgentResult:
        """Give a run more to do, in words of your own; secrets in them are masked."""
        refused = self._refuse_if_off()
        return refused or self._note(run_id, self._run(self._agent.resume(run_id, clean_data(prompt, MOST_PROMPT))))

    async def aresume(self, run_id: str, prompt: str) -> AgentResult:
        """Give a run more to do, likewise."""
        refused = self._refuse_if_off()
        if refused is not None:
            return refused
        result = await self._arun(self._agent.resume(run_id, clean_data(prompt, MOST_PROMPT)))
        return await asyncio.to_thread(self._note, run_id, result)

    def cancel(self, run_id: str) -> AgentResult:
        """Ask the agent to stop a run, and tell how it stands then: stopping may take it a while, or not happen.

        Codegen documents that this stops the agents of the run's pull request and shuts them out of it; for a run that
        has opened none, nothing is promised. What was paid stays paid, and pull requests stay open.
        """
        return self._note(run_id, self._run(self._agent.cancel(run_id)))

    async def acancel(self, run_id: str) -> AgentResult:
        """Ask the agent to stop a run, likewise."""
        return await asyncio.to_thread(self._note, run_id, await self._arun(self._agent.cancel(run_id)))

    def test_codegen_connection(self) -> Connection:
        """Find out whether the agent can be reached with the key; costs nothing."""
        return self._line.run(self._agent.test())

    async def atest_codegen_connection(self) -> Connection:
        """Find out whether the agent can be reached, likewise."""
        return await self._line.arun(self._agent.test())

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

        entry = self._update_run(run_id, add)
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
        return self._book.settle(escalation_id, run_id)

    def get_statistics(self) -> AgentStatistics:
        """Return counts over what is kept of all processes; refusals are this process's own."""
        return sum_up(self.get_history(), FrozenDict(self._refused), self._clock())

    def get_active_requests(self) -> tuple[Entry, ...]:
        """Return the requests whose runs have not ended, as far as is known; newest first."""
        return tuple(entry for entry in self.get_history() if entry.active)

    def get_history(self) -> tuple[Entry, ...]:
        """Return all requests that are kept, newest first; none while the store cannot be used."""
        try:
            return tuple(self._book.list_entries())
        except StoreError as error:
            _log.warning("errclass.agent_runs_unreadable: %s", error)
            return ()

    def reset(self) -> None:
        """Forget what has ended and the counts of refusals; what is under way, or counts for today's budget, stays."""
        self._refused.clear()
        try:
            self._book.forget_ended()
        except StoreError as error:
            _log.warning("errclass.agent_runs_unreadable: %s", error)

    def _reserve(self, escalation: Escalation) -> Reservation | AgentResult:
        refused = self._refuse_if_off()
        if refused is not None:
            return refused
        closed = find_obstacle(escalation.case, self.options.gate)
        if closed is not None:
            return self._refuse(closed.reason, closed.because)
        case = escalation.case
        entry = Entry(
            escalation.id, self._clock(), repository=case.repository, confidence=case.confidence, cause=case.key
        )
        try:
            reservation = self._book.reserve(entry, self.options.gate.runs_per_day)
        except StoreError as error:
            return self._refuse("budget_unknown", f"what was spent today cannot be read: {error}")
        return reservation if reservation.granted else self._deny(escalation.id, reservation)

    def _deny(self, key: str, reservation: Reservation) -> Reservation | AgentResult:
        entry = reservation.entry
        if entry is None:
            said = f"{reservation.spent} runs were started today, and that is all the budget (runs_per_day) allows"
            return self._refuse("budget", said)
        if entry.key != key and (entry.run_id is None or not entry.active):
            return self._refuse_same(entry)
        if entry.run_id is None:
            return self._refuse("starting", "another process is just asking for this")
        return reservation

    def _refuse_same(self, entry: Entry) -> AgentResult:
        run = f"the run {entry.run_id}" if entry.run_id else "a run of which no number is known"
        where = f" ({', '.join(entry.pull_requests)})" if entry.pull_requests else ""
        said = f"{run}{where} was started for the same cause, by escalation {entry.key}, and is {entry.state}"
        return replace(self._refuse("in_progress", said), run=describe_run(entry))

    def _open(self, escalation: Escalation, reservation: Reservation) -> Talk[AgentResult]:
        entry = reservation.entry
        if entry is not None and entry.run_id is not None:
            return self._agent.look(entry.run_id)
        return start_once(self._agent, _make_task(escalation), search=entry is not None)

    def _watch(self, run_id: str) -> Talk[AgentResult]:
        return follow_run(self._agent, run_id, self.options.follow, self._ticks)

    def _settle(self, key: str, reservation: Reservation, result: AgentResult) -> AgentResult:
        """Keep what came of a request to start."""
        before = reservation.entry
        if before is not None and before.run_id is not None:
            entry = self._note_run(before.run_id, result)
            return result if before.key == key else self._refuse_same(entry or before)
        run = result.run
        if run is None:
            state: EntryState = "uncertain" if result.kind == "uncertain" else "not_started"
            self._update(key, lambda one: one if one.run_id else replace(one, state=state, message=result.message))
        else:
            self._update(key, lambda entry: add_run(entry, run, result.message, self._clock()))
        return result

    def _note(self, run_id: str, result: AgentResult) -> AgentResult:
        """Keep how a run stands."""
        self._note_run(run_id, result)
        return result

    def _note_run(self, run_id: str, result: AgentResult) -> Entry | None:
        run = result.run
        if run is None:
            return None
        return self._update_run(run_id, lambda entry: add_run(entry, run, result.message, self._clock()))

    def _run(self, talk: Talk[AgentResult]) -> AgentResult:
        try:
            return self._line.run(talk)
        except UsageError as error:  # of a run's id
            return AgentResult("not_found", str(error))

    async def _arun(self, talk: Talk[AgentResult]) -> AgentResult:
        try:
            return await self._line.arun(talk)
        except UsageError as error:
            return AgentResult("not_found", str(error))

    def _refuse_if_off(self) -> AgentResult | None:
        return None if self._acting else self._refuse("acting_is_off", "everything automatic is switched off")

    def _refuse(self, reason: str, because: str) -> AgentResult:
        self._refused[reason] += 1
        return AgentResult("refused", because, reason=reason)

    def _update(self, key: str, change: Callable[[Entry], Entry]) -> None:
        try:
            self._book.update(key, change)
        except StoreError as error:
            _log.warning("errclass.agent_run_not_kept: %s: %s", key, error)

    def _update_run(self, run_id: str, change: Callable[[Entry], Entry]) -> Entry | None:
        try:
            return self._book.update_run(run_id, change)
        except StoreError as error:
            _log.warning("errclass.agent_run_not_kept: %s: %s", run_id, error)
            return None

    def _tell(self, news: PullRequestNews) -> None:
        if self._record is None:
            return
        try:
            self._record(news)
        except Exception:  # noqa: BLE001 - the rim: whoever reported must not fail for whoever records
            _log.exception("errclass.listener_failed")


def _make_task(escalation: Escalation) -> FixTask:
    case = escalation.case
    known = {
        "source": "errclass",
        "operation": case.operation,
        "type": case.type,
        "fingerprint": case.fingerprint,
        "decision_id": case.decision_id,
        "repository": case.repository,
        "branch": case.branch,
        "commit": case.commit,
    }
    metadata = {name: " ".join(clean_data(value, 200).split()) for name, value in known.items() if value}
    return FixTask(escalation.id, build_prompt(case), case.repository, FrozenDict(metadata))
