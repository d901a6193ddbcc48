"""Where runs are asked for: whether one may be started, and what is kept of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...core.errors import StoreError
from ..escalate.escalation import Escalation
from ..escalate.execution import describe_error
from ..state_keeper import StateKeeper
from .courses import start_once
from .entry import Entry, EntryState, add_run, describe_run
from .fix_agent import FixAgent, FixTask
from .gate import GateOptions, find_obstacle
from .results import AgentResult
from .run_book import Reservation, RunBook
from .steps import Talk
from .tasks import make_task

_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class Order:
    """Hold what is to be done for an escalation: look at a run, look for one, or start one."""

    task: FixTask
    before: Entry | None = None
    """What is known from before."""

    @property
    def run_id(self) -> str | None:
        """The run that is looked at, where one is known."""
        return None if self.before is None else self.before.run_id


class RunDesk:
    """Take orders for runs of one agent and keep what became of them; a broken store costs the keeping, never more."""

    def __init__(
        self,
        agent: FixAgent,
        keeper: StateKeeper | None,
        gate: GateOptions,
        clock: Callable[[], datetime],
        *,
        acting: bool,
    ) -> None:
        self.book = RunBook(keeper, agent.account, clock=clock, quiet=timedelta(days=gate.quiet_days))
        self.refused: Counter[str] = Counter()
        self._agent = agent
        self._gate = gate
        self._clock = clock
        self._acting = acting

    def reserve(self, escalation: Escalation) -> Order | AgentResult:
        """Return what may be done for an escalation, or why nothing may."""
        off = self.refuse_if_off()
        if off is not None:
            return off
        try:
            return self._reserve(escalation)
        except StoreError as error:
            return self._refuse("budget_unknown", f"what was spent today cannot be read: {error}")
        except Exception as error:  # noqa: BLE001 - the rim: what cannot be read is told, and nothing was sent
            return self._refuse("bad_request", f"the escalation cannot be read: {describe_error(error)}")

    def open(self, order: Order) -> Talk[AgentResult]:
        """Return the talk that carries an order out."""
        if order.run_id is not None:
            return self._agent.look(order.run_id)
        return start_once(self._agent, order.task, search=order.before is not None)

    def settle(self, order: Order, result: AgentResult) -> AgentResult:
        """Keep what came of an order, and return what to tell of it."""
        key, run = order.task.key, result.run
        if order.before is not None and order.run_id is not None:
            entry = self.note_run(order.run_id, result)
            return result if order.before.key == key else self._refuse_same(entry or order.before)
        if run is None:
            state: EntryState = "uncertain" if result.kind == "uncertain" else "not_started"
            self._update(key, lambda one: one if one.run_id else replace(one, state=state, message=result.message))
        else:
            self._update(key, lambda one: add_run(one, run, result.message, self._clock()))
        return result

    def note(self, run_id: str, result: AgentResult) -> AgentResult:
        """Keep how a run stands, and return the same result."""
        self.note_run(run_id, result)
        return result

    def note_run(self, run_id: str, result: AgentResult) -> Entry | None:
        """Keep how a run stands and return what is kept of it; None where it is not known here."""
        run = result.run
        if run is None:
            return None
        return self.change_run(run_id, lambda entry: add_run(entry, run, result.message, self._clock()))

    def change_run(self, run_id: str, change: Callable[[Entry], Entry]) -> Entry | None:
        """Change what is kept of a run and return it; None where it is not known or cannot be kept."""
        try:
            return self.book.update_run(run_id, change)
        except StoreError as error:
            _log.warning("errclass.agent_run_not_kept: %s: %s", run_id, error)
            return None

    def refuse_if_off(self) -> AgentResult | None:
        """Return a refusal where everything automatic is switched off."""
        return None if self._acting else self._refuse("acting_is_off", "everything automatic is switched off")

    def _reserve(self, escalation: Escalation) -> Order | AgentResult:
        case = escalation.case
        closed = find_obstacle(case, self._gate)
        if closed is not None:
            return self._refuse(closed.reason, closed.because)
        task = make_task(escalation)
        entry = Entry(
            escalation.id, self._clock(), repository=case.repository, confidence=case.confidence, cause=case.key
        )
        reservation = self.book.reserve(entry, self._gate.runs_per_day)
        denied = None if reservation.granted else self._deny(task.key, reservation)
        return denied or Order(task, reservation.entry)

    def _deny(self, key: str, reservation: Reservation) -> AgentResult | None:
        """Return the refusal; None where a run is known that can be looked at."""
        entry = reservation.entry
        if entry is None:
            said = f"{reservation.spent} runs were started today, and that is all the budget (runs_per_day) allows"
            return self._refuse("budget", said)
        if entry.key != key and (entry.run_id is None or not entry.active):
            return self._refuse_same(entry)
        return None if entry.run_id else self._refuse("starting", "another process is just asking for this")

    def _refuse_same(self, entry: Entry) -> AgentResult:
        run = f"the run {entry.run_id}" if entry.run_id else "a run of which no number is known"
        where = f" ({', '.join(entry.pull_requests)})" if entry.pull_requests else ""
        said = f"{run}{where} was started for the same cause, by escalation {entry.key}, and is {entry.state}"
        return replace(self._refuse("in_progress", said), run=describe_run(entry))

    def _refuse(self, reason: str, because: str) -> AgentResult:
        self.refused[reason] += 1
        return AgentResult("refused", because, reason=reason)

    def _update(self, key: str, change: Callable[[Entry], Entry]) -> None:
        try:
            self.book.update(key, change)
        except StoreError as error:
            _log.warning("errclass.agent_run_not_kept: %s: %s", key, error)
