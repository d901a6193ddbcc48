"""Carry escalations out: to the target that the rules chose, once for each cause, in time, and for all to see."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from ...core.clock import utc_now
from ...core.frozen import FrozenDict
from ...core.ids import new_id
from ...core.types import Severity
from ..retry import Naps
from .admission import Admission, AdmissionRules, admit, agree, can_resume, give_up
from .case import describe_case
from .escalation import Escalation, Status, rebuild_escalation
from .execution import TIMED_OUT, describe_error
from .handlers import DEADLINE, Handler, Handlers, Registered
from .keeper import EscalationKeeper
from .ledger import Ledger
from .request import EscalationRequest
from .result import EscalationResult, HandlerResult, Refusal
from .runner import Runner
from .service_levels import SERVICE_LEVELS, Breach, ServiceLevel, find_breaches
from .statistics import EscalationStatistics, sum_up
from .targets import CHANGING
from .transitions import Ended, acknowledge, begin, cancel, finish, is_abandoned, resolve

_log = logging.getLogger("errclass")
_NOBODY = "notification"
"""Target where the plan names none, as in the seed."""


@dataclass(frozen=True, slots=True)
class ManagerOptions:
    """Say how much is done at a time, and how long it may take."""

    concurrent: int = 10
    deadline: float = DEADLINE
    """Seconds for a handler with its repetitions, unless it was registered with another."""
    levels: Mapping[Severity, ServiceLevel] = field(default_factory=lambda: SERVICE_LEVELS)


class EscalationManager:
    """Hand failures on, and know what became of each. Every outcome is a value; nothing is raised into the pipeline.

    ``keeper`` is where escalations are kept for all processes (an ``errclass.Store``); without one this process keeps
    its own. ``record`` is told of each that ends. With ``acting`` off nothing is begun. Safe to share between threads
    and tasks.
    """

    def __init__(
        self,
        *,
        keeper: EscalationKeeper | None = None,
        options: ManagerOptions | None = None,
        record: Callable[[Escalation], object] | None = None,
        acting: bool = True,
        clock: Callable[[], datetime] = utc_now,
        naps: Naps | None = None,
    ) -> None:
        self.options = options or ManagerOptions()
        self._handlers = Handlers(self.options.deadline)
        self._ledger = Ledger(keeper)
        self._rules = AdmissionRules(self.options.concurrent, self.options.levels)
        self._record = record
        self._acting = acting
        self._clock = clock
        self._runner = Runner(naps or Naps())
        self._refused: Counter[str] = Counter()

    def register_handler(
        self,
        target: str,
        handler: Handler,
        *,
        retries: int | None = None,
        deadline: float | None = None,
        resumable: bool | None = None,
    ) -> None:
        """Have a function, or coroutine function, carry out what goes to a target; a later one replaces it.

        ``retries`` are calls after the first that failed (usual ones by target), ``deadline`` is in seconds over all of
        them. ``resumable`` says that it may be called again for an escalation that a killed process had begun.
        """
        self._handlers.register(target, handler, retries, deadline, resumable=resumable)

    def register_strategy(self, name: str, strategy: Handler) -> None:
        """Have a function carry out ``auto_recovery`` where the plan's recipe has this name."""
        self._handlers.register_strategy(name, strategy)

    def escalate_error(self, request: EscalationRequest) -> EscalationResult:
        """Hand a failure to its plan's target and return what came of it, at the latest at the handler's deadline."""
        begun = self._begin(request)
        return begun if isinstance(begun, EscalationResult) else self._carry_out(begun)

    async def aescalate_error(self, request: EscalationRequest) -> EscalationResult:
        """Hand a failure on, likewise; a coroutine function is cancelled at its deadline."""
        begun = await asyncio.to_thread(self._begin, request)
        return begun if isinstance(begun, EscalationResult) else await self._acarry_out(begun)

    def approve(self, escalation_id: str, *, by: str) -> EscalationResult:
        """Agree to one that waits for a person's consent, and carry it out; it waits on while too many are."""
        approved = self._approve(escalation_id, by)
        return approved if isinstance(approved, EscalationResult) else self._carry_out(approved)

    async def aapprove(self, escalation_id: str, *, by: str) -> EscalationResult:
        """Agree to one that waits, likewise."""
        approved = await asyncio.to_thread(self._approve, escalation_id, by)
        return approved if isinstance(approved, EscalationResult) else await self._acarry_out(approved)

    def resume_abandoned(self) -> tuple[EscalationResult, ...]:
        """Take up what killed processes left behind: what bears a second beginning is begun, the rest is marked."""
        return tuple(self._carry_out(one) for one in self._claim_abandoned())

    async def aresume_abandoned(self) -> tuple[EscalationResult, ...]:
        """Take up what killed processes left behind, likewise."""
        return tuple([await self._acarry_out(one) for one in await asyncio.to_thread(self._claim_abandoned)])

    def acknowledge(self, escalation_id: str, *, by: str) -> EscalationResult:
        """Say that a person has taken it up."""
        return self._settle(escalation_id, lambda one: acknowledge(one, by, self._clock()))

    def resolve(self, escalation_id: str, *, by: str) -> EscalationResult:
        """Say that a person has settled it."""
        return self._settle(escalation_id, lambda one: resolve(one, by, self._clock()))

    def cancel_escalation(self, escalation_id: str, *, by: str) -> EscalationResult:
        """Call it off.

        A coroutine of this process is cancelled. A function that runs cannot be stopped, nor can another process; what
        they bring is kept, and changes nothing any more.
        """
        result = self._settle(escalation_id, lambda one: cancel(one, by, self._clock()))
        if result.success:
            self._runner.cancel(escalation_id)
        return result

    def check_deadlines(self, notify: Callable[[Breach], object] | None = None) -> tuple[Breach, ...]:
        """Return the service levels that were missed since the last check, each handed to ``notify`` first.

        One of which ``notify`` raises is told again at the next check, so ``Breach.key`` should keep it from being
        told twice where two processes check at once.
        """
        now = self._clock()
        missed = [
            breach
            for one in self._ledger.list_all(open_only=True)
            for breach in find_breaches(one, now, self.options.levels)
        ]
        return tuple(breach for breach in missed if self._tell_breach(breach, notify))

    def find(self, escalation_id: str) -> Escalation | None:
        """Return one as it stands now; None where there is none."""
        return self._ledger.find(escalation_id)

    def get_statistics(self) -> EscalationStatistics:
        """Return counts over all that is kept: every open one of all processes, and the newest 1,000 closed ones.

        Refusals are this process's own.
        """
        return sum_up(self._ledger.list_all(), self._refused)

    def get_active_escalations(self) -> tuple[Escalation, ...]:
        """Return those in which somebody still has to act, newest first."""
        return tuple(self._ledger.list_all(open_only=True))

    def get_history(self, limit: int = 1000) -> tuple[Escalation, ...]:
        """Return all as they stand now, newest first."""
        return tuple(self._ledger.list_all(limit=limit))

    def reset(self) -> None:
        """Forget what is closed, and the counts of refusals; what is open stays."""
        self._refused.clear()
        self._ledger.forget()

    def _begin(self, request: EscalationRequest) -> Escalation | EscalationResult:
        if not self._acting:
            return self._refuse("acting_is_off", "everything automatic is switched off; nothing was escalated")
        try:
            new = self._make(request)
        except Exception as error:  # noqa: BLE001 - the rim: a request may hold anything, and the pipeline goes on
            said = f"the request to escalate cannot be read: {describe_error(error)}"
            _log.warning("errclass.escalation_not_begun: %s", said)
            return self._refuse("bad_request", said)
        if not self._handlers.knows(new.target):
            return self._refuse("unknown_target", f"{new.target} is no target, and no handler is registered for it")
        if self._runner.is_left_running(new.case.key):
            said = "a handler of the same that was too slow is still running"
            return self._refuse("escalation_in_progress", said)
        admission = self._admit(new)
        if admission.escalation is None or admission.refused is not None:
            return self._tell_refusal(admission)
        return self._tell_wait(new) if admission.escalation.status == "pending" else admission.escalation

    def _make(self, request: EscalationRequest) -> Escalation:
        now, case, decision = self._clock(), describe_case(request), request.decision
        target = decision.plan.target or _NOBODY
        waits = case.approval and target in CHANGING
        status: Status = "pending" if waits else "executing"
        reason = "approval_needed" if waits else ""
        made = Escalation(new_id(), target, decision.priority, case, now, now, status, reason=reason)
        return rebuild_escalation(made.to_dict())  # what could not be read again must not be kept

    def _admit(self, new: Escalation) -> Admission:
        handler = self._handlers.find(new.target)
        deadline = self._find_deadline(new.target)
        resumable = handler is not None and handler.resumable
        judge = partial(admit, now=self._clock(), rules=self._rules, deadline=deadline, resumable=resumable)
        return self._ledger.change(lambda known: judge(new, known))

    def _approve(self, escalation_id: str, by: str) -> Escalation | EscalationResult:
        if not self._acting:
            return self._refuse("acting_is_off", "everything automatic is switched off; nothing was begun")
        waiting = self._ledger.find(escalation_id)
        if waiting is None:
            return _tell_none(escalation_id)
        judge = partial(agree, escalation_id, by=by, rules=self._rules, deadline=self._find_deadline(waiting.target))
        admission = self._ledger.change_beside(escalation_id, lambda known: judge(known, now=self._clock()))
        if admission is not None and admission.escalation is not None:
            return admission.escalation
        if admission is not None and admission.refused == "escalation_limit_reached":
            return self._tell_refusal(admission)
        return _tell_unchanged(self._ledger.find(escalation_id) or waiting)

    def _find_deadline(self, target: str) -> float:
        handler = self._handlers.find(target)
        return handler.deadline if handler else self.options.deadline

    def _claim_abandoned(self) -> list[Escalation]:
        now = self._clock()

        def claim(known: list[Escalation]) -> tuple[list[Escalation], list[Escalation]]:
            left = [one for one in known if is_abandoned(one, now)]
            taken = [begin(one, now, handler.deadline) for one in left if (handler := self._find_resumer(one, now))]
            ids = {one.id for one in taken}
            return [*taken, *(give_up(one, now) for one in left if one.id not in ids)], taken

        return self._ledger.change(claim) if self._acting else []

    def _find_resumer(self, escalation: Escalation, now: datetime) -> Registered | None:
        handler = self._handlers.find(escalation.target)
        return handler if handler is not None and handler.resumable and can_resume(escalation, now) else None

    def _carry_out(self, escalation: Escalation) -> EscalationResult:
        handler = self._handlers.find(escalation.target)
        ended = _tell_no_handler(escalation) if handler is None else self._runner.run(escalation, handler)
        return self._finish(escalation, ended)

    async def _acarry_out(self, escalation: Escalation) -> EscalationResult:
        handler = self._handlers.find(escalation.target)
        try:
            ended = _tell_no_handler(escalation) if handler is None else await self._runner.arun(escalation, handler)
        except asyncio.CancelledError:
            left = Ended("cancelled", reason="caller_left")
            await asyncio.shield(asyncio.to_thread(self._finish, escalation, left))
            raise
        return await asyncio.to_thread(self._finish, escalation, ended)

    def _finish(self, escalation: Escalation, ended: Ended) -> EscalationResult:
        now = self._clock()

        def end(one: Escalation) -> Escalation:
            # Another process may have taken it over meanwhile, where this one was slower than its lease.
            return finish(one, ended, now) if one.executions == escalation.executions else one

        kept = self._ledger.change_one(escalation.id, end)
        done = kept or finish(escalation, ended, now)
        self._tell(done)
        if ended.reason == TIMED_OUT:
            _log.warning("errclass.escalation_timed_out: %s to %s", done.id, done.target)
        result = ended.result or HandlerResult(success=False, summary=f"it was {ended.status}")
        success = result.success and done.status not in ("cancelled", "error", "failed")
        return EscalationResult(success, result.summary, result.action, result.details, done.id, done.status)

    def _settle(self, escalation_id: str, change: Callable[[Escalation], Escalation]) -> EscalationResult:
        changed: list[bool] = []

        def apply(one: Escalation) -> Escalation:
            after = change(one)
            changed[:] = [after != one]
            return after

        found = self._ledger.change_one(escalation_id, apply)
        if found is None:
            return _tell_none(escalation_id)
        if changed != [True]:
            return _tell_unchanged(found)
        return EscalationResult(True, f"it is {found.status} now", escalation_id=found.id, status=found.status)

    def _tell_breach(self, breach: Breach, notify: Callable[[Breach], object] | None) -> bool:
        if notify is not None:
            try:
                notify(breach)
            except Exception:  # noqa: BLE001 - the rim: one that cannot be told must not hide the others
                _log.exception("errclass.listener_failed")
                return False
        told = {*breach.escalation.breaches, breach.kind}

        def mark(one: Escalation) -> Escalation:
            return replace(one, breaches=tuple(sorted({*one.breaches, *told})))

        self._ledger.change_one(breach.escalation.id, mark)
        return True

    def _tell_refusal(self, admission: Admission) -> EscalationResult:
        reason, known = admission.refused or "escalation_limit_reached", admission.escalation
        if known is None:
            return self._refuse(reason, f"{self.options.concurrent} escalations are being carried out already")
        self._refused[reason] += 1
        said = f"the same is in progress: {known.id} to {known.target} is {known.status}"
        return EscalationResult(False, said, escalation_id=known.id, status=known.status, refused=reason)

    def _tell_wait(self, escalation: Escalation) -> EscalationResult:
        said = f"{escalation.target} would change something, and a person has to agree first"
        return EscalationResult(False, said, "approval_needed", FrozenDict(), escalation.id, escalation.status)

    def _refuse(self, reason: Refusal, said: str) -> EscalationResult:
        self._refused[reason] += 1
        return EscalationResult(False, said, refused=reason)

    def _tell(self, escalation: Escalation) -> None:
        if self._record is None:
            return
        try:
            self._record(escalation)
        except Exception:  # noqa: BLE001 - the rim: what cannot be recorded has happened all the same
            _log.exception("errclass.listener_failed")


def _tell_none(escalation_id: str) -> EscalationResult:
    return EscalationResult(False, f"there is no escalation {escalation_id!r}", refused="no_such_escalation")


def _tell_unchanged(found: Escalation) -> EscalationResult:
    said = f"nothing changed: it is {found.status}"
    return EscalationResult(False, said, escalation_id=found.id, status=found.status, refused="already_ended")


def _tell_no_handler(escalation: Escalation) -> Ended:
    said = f"nobody was told: no handler is registered for {escalation.target}"
    return Ended("failed", HandlerResult(success=False, summary=said, action="no_handler"), "no_handler")
