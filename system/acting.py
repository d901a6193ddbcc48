"""Act on decisions by the settings: the one place that joins escalations with all that carries them out."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..actions.escalate import Breach, Escalation, EscalationRequest, EscalationResult, HandlerResult
from ..actions.recover import RolledBack, roll_back_interrupted
from ..core.errors import ErrclassError
from ..outcomes import Store
from .escalating import make_codegen, make_codegen_handler, make_escalations, record_pull_requests
from .notifying import Notifying, make_notifications
from .recovering import FOLDER
from .repairing import (
    REPAIRS,
    find_repair_deadline,
    find_repair_mode,
    make_recovery_handler,
    make_reset_handler,
)
from .settings import EnableSettings, Settings
from .telling import ask_for_consent, make_breach_listener, make_people_handler
from .work_places import note_place

if TYPE_CHECKING:
    from ..actions.codegen import CodegenIntegration, PullRequestNews
    from ..actions.notify import DrainReport

_log = logging.getLogger("errclass")
_NO_AGENT = "no agent is set up; set CODEGEN_API_KEY and CODEGEN_ORG_ID to have failures mended"
_NO_AGENT_HERE = "the agent is switched off here (enable.codegen)"
_OFF = EscalationResult(
    False, "escalations are switched off here (enable.escalation); nothing was escalated", refused="acting_is_off"
)
_NO_SYSTEM = "errclass owns no system that it could reset, so a person is asked."


@dataclass(frozen=True, slots=True)
class Begun:
    """Say what an earlier process had left in the middle, and what became of it."""

    rolled_back: tuple[RolledBack, ...] = ()
    resumed: tuple[EscalationResult, ...] = ()


class Acting:
    """Hand failures on by the settings, over one store.

    Agent and channels are made when they are first needed. What goes wrong is a result; a channel that fails never
    fails an escalation. Safe to share between threads and tasks.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._lock = threading.RLock()
        self._notifying: Notifying | None = None
        self._codegen: CodegenIntegration | None = None
        self.escalations = make_escalations(settings, store=store)
        """More handlers may be registered: one for ``system_reset``, which errclass has none for, or for a target."""
        self._register_handlers()

    @property
    def notifying(self) -> Notifying:
        """The notification system of the settings; nothing is sent before it is started, or drained by ``close``."""
        with self._lock:
            if self._notifying is None:
                self._notifying = make_notifications(self._settings, self._store)
            return self._notifying

    @property
    def codegen(self) -> CodegenIntegration | None:
        """The agent of the settings; None where they hold no key. Raises UsageError for an account that is none."""
        with self._lock:
            if self._codegen is None:
                self._codegen = make_codegen(self._settings, store=self._store, record=self._hear)
            return self._codegen

    def begin(self) -> Begun:
        """Put back what a killed process had half repaired, and take up what it had escalated; call it at start."""
        if not self._settings.acting:
            return Begun()
        return Begun(self._roll_back(), self.escalations.resume_abandoned())

    async def abegin(self) -> Begun:
        """Take up what was left, likewise."""
        if not self._settings.acting:
            return Begun()
        rolled_back = await asyncio.to_thread(self._roll_back)
        return Begun(rolled_back, await self.escalations.aresume_abandoned())

    def escalate(
        self, request: EscalationRequest, *, work: Path | None = None, tool: str | None = None
    ) -> EscalationResult:
        """Hand a failure to its plan's target and return what came of it.

        ``work`` is the folder in which ``tool`` failed: without it nothing is recovered or reset. A repair that the
        settings want a person's consent for waits for ``errclass escalations approve``, and people are told.
        """
        if not self._find_switches(request).escalation:
            return _OFF
        return self._tell_wait(self.escalations.escalate_error(self._settle(request, work, tool)))

    async def aescalate(
        self, request: EscalationRequest, *, work: Path | None = None, tool: str | None = None
    ) -> EscalationResult:
        """Hand a failure on, likewise."""
        if not self._find_switches(request).escalation:
            return _OFF
        result = await self.escalations.aescalate_error(self._settle(request, work, tool))
        return await asyncio.to_thread(self._tell_wait, result)

    def check_deadlines(self) -> tuple[Breach, ...]:
        """Tell people, once, of escalations that nobody took up or settled in time, and return these deadlines."""
        return self.escalations.check_deadlines(make_breach_listener(lambda: self.notifying))

    async def acheck_deadlines(self) -> tuple[Breach, ...]:
        """Tell people of missed deadlines, likewise."""
        return await asyncio.to_thread(self.check_deadlines)

    def close(self, seconds: float = 5.0) -> DrainReport | None:
        """Send what is due, for at most ``seconds``; what is left waits in the store. None where nothing was told."""
        with self._lock:
            notifying = self._notifying
        return None if notifying is None else notifying.system.stop(seconds)

    async def aclose(self, seconds: float = 5.0) -> DrainReport | None:
        """Send what is due, likewise."""
        return await asyncio.to_thread(self.close, seconds)

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        await self.abegin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _register_handlers(self) -> None:
        manager, settings, store = self.escalations, self._settings, self._store
        tell = make_people_handler(lambda: self.notifying)
        manager.register_handler("manual", tell)
        manager.register_handler("notification", tell)
        manager.register_handler("codegen", self._ask_agent)
        deadline = find_repair_deadline(settings)
        manager.register_handler("auto_recovery", make_recovery_handler(settings, store), deadline=deadline)
        manager.register_handler("environment_reset", make_reset_handler(settings, store), deadline=deadline)

    async def _ask_agent(self, escalation: Escalation) -> HandlerResult:
        case = escalation.case
        if not self._settings.for_call(component=case.component, environment=case.environment).enable.codegen:
            return HandlerResult(success=False, summary=_NO_AGENT_HERE, action="codegen_not_set_up")
        agent = await asyncio.to_thread(lambda: self.codegen)
        if agent is None:
            return HandlerResult(success=False, summary=_NO_AGENT, action="codegen_not_set_up")
        result = make_codegen_handler(agent)(escalation)
        return result if isinstance(result, HandlerResult) else await result

    def _tell_wait(self, result: EscalationResult) -> EscalationResult:
        if result.action == "approval_needed":
            waiting = self.escalations.find(result.escalation_id or "")
            try:
                if waiting is not None:
                    ask_for_consent(self.notifying, waiting)
            except ErrclassError as error:  # it waits all the same, and its deadline will tell
                _log.warning("errclass.consent_not_asked_for: %s", error)
        return result

    def _hear(self, news: PullRequestNews) -> None:
        record_pull_requests(self._store)(news)
        if news.fate in ("merged", "closed"):
            self.escalations.resolve(news.key, by=news.by or "whoever ended its pull request")

    def _settle(self, request: EscalationRequest, work: Path | None, tool: str | None) -> EscalationRequest:
        if work is not None:
            request = note_place(request, work, tool)
        target = request.decision.plan.target
        if target == "system_reset" and not self.escalations.has_handler(target):
            return _hand_to_person(request)
        if target in REPAIRS and self._wants_consent(request):
            plan = replace(request.decision.plan, approval=True)
            return replace(request, decision=replace(request.decision, plan=plan))
        return request

    def _find_switches(self, request: EscalationRequest) -> EnableSettings:
        context = request.context or request.decision.context
        return self._settings.for_call(component=context.component, environment=context.environment).enable

    def _wants_consent(self, request: EscalationRequest) -> bool:
        context = request.context or request.decision.context
        mode = find_repair_mode(self._settings, request.decision.type, context.environment, context.component)
        return mode == "ask"

    def _roll_back(self) -> tuple[RolledBack, ...]:
        try:
            return roll_back_interrupted(self._settings.home / FOLDER)
        except (OSError, ErrclassError) as error:  # the next start tries again
            _log.warning("errclass.not_rolled_back: %s", error)
            return ()


def _hand_to_person(request: EscalationRequest) -> EscalationRequest:
    decision = request.decision
    plan = replace(decision.plan, target="manual", approval=False)
    return replace(request, decision=replace(decision, plan=plan, because=(*decision.because, _NO_SYSTEM)))
