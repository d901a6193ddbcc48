"""Carry escalations out: to the target that the rules chose, once for each cause, in time, and for all to see."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from ...core.clock import utc_now
from ..retry import Naps
from .admission import can_resume, give_up
from .answers import tell_none, tell_unchanged
from .deadline_watch import DeadlineWatch
from .escalation import Escalation
from .execution import TIMED_OUT
from .handlers import Handler, Handlers, Registered
from .intake import Intake
from .keeper import EscalationKeeper
from .ledger import Ledger
from .options import ManagerOptions
from .request import EscalationRequest
from .result import EscalationResult, HandlerResult
from .runner import Runner
from .service_levels import Breach
from .statistics import EscalationStatistics, sum_up
from .transitions import Ended, acknowledge, begin, cancel, finish, is_abandoned, resolve

_log = logging.getLogger("errclass")


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
        self._record = record
        self._acting = acting
        self._clock = clock
        self._runner = Runner(naps or Naps())
        self._intake = Intake(self._ledger, self._handlers, self._runner, self.options, clock, acting=acting)
        self._watch = DeadlineWatch(self._ledger, self.options.levels, clock)

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

    def has_handler(self, target: str) -> bool:
        """Tell whether anything carries out what goes to a target."""
        return self._handlers.find(target) is not None

    def escalate_error(self, request: EscalationRequest) -> EscalationResult:
        """Hand a failure to its plan's target and return what came of it, at the latest at the handler's deadline."""
        begun = self._intake.begin(request)
        return begun if isinstance(begun, EscalationResult) else self._carry_out(begun)

    async def aescalate_error(self, request: EscalationRequest) -> EscalationResult:
        """Hand a failure on, likewise; a coroutine function is cancelled at its deadline."""
        begun = await asyncio.to_thread(self._intake.begin, request)
        return begun if isinstance(begun, EscalationResult) else await self._acarry_out(begun)

    def approve(self, escalation_id: str, *, by: str) -> EscalationResult:
        """Agree to one that waits for a person's consent, and carry it out; it waits on while too many are."""
        approved = self._intake.approve(escalation_id, by)
        return approved if isinstance(approved, EscalationResult) else self._carry_out(approved)

    async def aapprove(self, escalation_id: str, *, by: str) -> EscalationResult:
        """Agree to one that waits, likewise."""
        approved = await asyncio.to_thread(self._intake.approve, escalation_id, by)
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
        return self._watch.check(notify)

    def find(self, escalation_id: str) -> Escalation | None:
        """Return one as it stands now; None where there is none."""
        return self._ledger.find(escalation_id)

    def get_statistics(self) -> EscalationStatistics:
        """Return counts over all that is kept: every open one of all processes, and the newest 1,000 closed ones.

        Refusals are this process's own.
        """
        return sum_up(self._ledger.list_all(), self._intake.refused)

    def get_active_escalations(self) -> tuple[Escalation, ...]:
        """Return those in which somebody still has to act, newest first."""
        return tuple(self._ledger.list_all(open_only=True))

    def get_history(self, limit: int = 1000) -> tuple[Escalation, ...]:
        """Return all as they stand now, newest first."""
        return tuple(self._ledger.list_all(limit=limit))

    def reset(self) -> None:
        """Forget what is closed, and the counts of refusals; what is open stays."""
        self._intake.refused.clear()
        self._ledger.forget()

    def _claim_abandoned(self) -> list[Escalation]:
        now = self._clock()

        def claim(known: list[Escalation]) -> tuple[list[Escalation], list[Escalation]]:
            left = [one for one in known if is_abandoned(one, now)]
            taken = [begin(one, now, handler.deadline) for one in left if (handler := self._find_resumer(one, now))]
            ids = {one.id for one in taken}
            return [*taken, *(give_up(one, now) for one in left if one.id not in ids)], taken

        # Looking first locks nobody out, and makes no store.
        left = self._acting and any(is_abandoned(one, now) for one in self._ledger.list_all(open_only=True))
        return self._ledger.change(claim) if left else []

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
            return tell_none(escalation_id)
        if changed != [True]:
            return tell_unchanged(found)
        return EscalationResult(True, f"it is {found.status} now", escalation_id=found.id, status=found.status)

    def _tell(self, escalation: Escalation) -> None:
        if self._record is None:
            return
        try:
            self._record(escalation)
        except Exception:  # noqa: BLE001 - the rim: what cannot be recorded has happened all the same
            _log.exception("errclass.listener_failed")


def _tell_no_handler(escalation: Escalation) -> Ended:
    said = f"nobody was told: no handler is registered for {escalation.target}"
    return Ended("failed", HandlerResult(success=False, summary=said, action="no_handler"), "no_handler")
