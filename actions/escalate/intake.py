"""Let escalations in: new ones, once for each cause, and those that a person agrees to; never too many at a time."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from ...core.frozen import FrozenDict
from ...core.ids import new_id
from .admission import Admission, AdmissionRules, admit, agree
from .answers import tell_none, tell_unchanged
from .case import describe_case
from .escalation import Escalation, Status, rebuild_escalation
from .execution import describe_error
from .handlers import Handlers
from .ledger import Ledger
from .options import ManagerOptions
from .request import EscalationRequest
from .result import EscalationResult, Refusal
from .runner import Runner
from .targets import CHANGING

_NOBODY = "notification"
"""Target where the plan names none, as in the seed."""
_log = logging.getLogger("errclass")


class Intake:
    """Return what is begun, or a result that says why nothing is; safe to share between threads."""

    def __init__(
        self,
        ledger: Ledger,
        handlers: Handlers,
        runner: Runner,
        options: ManagerOptions,
        clock: Callable[[], datetime],
        *,
        acting: bool,
    ) -> None:
        self.refused: Counter[str] = Counter()
        self._ledger = ledger
        self._handlers = handlers
        self._runner = runner
        self._rules = AdmissionRules(options.concurrent, options.levels)
        self._deadline = options.deadline
        self._clock = clock
        self._acting = acting

    def begin(self, request: EscalationRequest) -> Escalation | EscalationResult:
        """Let a new one in; it is kept before this returns."""
        if not self._acting:
            return self._refuse("acting_is_off", "escalations are switched off, or everything is; nothing was begun")
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

    def approve(self, escalation_id: str, by: str) -> Escalation | EscalationResult:
        """Let one in that waits for a person's consent."""
        if not self._acting:
            return self._refuse("acting_is_off", "everything automatic is switched off; nothing was begun")
        waiting = self._ledger.find(escalation_id)
        if waiting is None:
            return tell_none(escalation_id)
        judge = partial(agree, escalation_id, by=by, rules=self._rules, deadline=self._find_deadline(waiting.target))
        admission = self._ledger.change_beside(escalation_id, lambda known: judge(known, now=self._clock()))
        if admission is not None and admission.escalation is not None:
            return admission.escalation
        if admission is not None and admission.refused == "escalation_limit_reached":
            return self._tell_refusal(admission)
        return tell_unchanged(self._ledger.find(escalation_id) or waiting)

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

    def _find_deadline(self, target: str) -> float:
        handler = self._handlers.find(target)
        return handler.deadline if handler else self._deadline

    def _tell_refusal(self, admission: Admission) -> EscalationResult:
        reason, known = admission.refused or "escalation_limit_reached", admission.escalation
        if known is None:
            return self._refuse(reason, f"{self._rules.concurrent} escalations are being carried out already")
        self.refused[reason] += 1
        said = f"the same is in progress: {known.id} to {known.target} is {known.status}"
        return EscalationResult(False, said, escalation_id=known.id, status=known.status, refused=reason)

    def _tell_wait(self, escalation: Escalation) -> EscalationResult:
        said = f"{escalation.target} would change something, and a person has to agree first"
        return EscalationResult(False, said, "approval_needed", FrozenDict(), escalation.id, escalation.status)

    def _refuse(self, reason: Refusal, said: str) -> EscalationResult:
        self.refused[reason] += 1
        return EscalationResult(False, said, refused=reason)
