"""Hand a failure on that nothing mended: to a person, an agent or a repair; and tell people, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from ...core.background_call import call_in_background
from ...core.frozen import FrozenDict
from ...core.types import Decision
from ..escalating import make_request
from ..notifying import make_notice
from ..telling import send_notice
from .faults import Faults
from .handling_order import HandlingOrder
from .handling_step import HandlingStep

if TYPE_CHECKING:
    from ...actions.escalate import EscalationResult
    from ...actions.notify import NoticeKind
    from ..acting import Acting
    from ..pipeline import Answer

T = TypeVar("T")

LOCAL_TARGETS = ("auto_recovery", "environment_reset", "system_reset")
"""Targets that change something on this machine."""
_TELLING = ("manual", "notification")
"""Targets whose escalation tells people by itself."""


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Say who has it now."""

    escalation: EscalationResult | None = None
    notifications: Mapping[str, str] = FrozenDict()
    steps: tuple[HandlingStep, ...] = ()


class Handover:
    """Carry out what is left to do about a failure, within what is left of its time.

    What takes longer goes on in the background; ``follow`` is given its future.
    """

    def __init__(
        self,
        order: HandlingOrder,
        find_acting: Callable[[], Acting],
        faults: Faults,
        follow: Callable[[Future[Any]], object],
    ) -> None:
        self._order, self._find_acting, self._faults, self._follow = order, find_acting, faults, follow

    def escalate(self, answer: Answer, outcome_id: str | None, tried: tuple[str, ...]) -> HandedOn:
        """Escalate as decided, and tell people where the escalation does not do that itself."""
        decision = self._keep_hands_off(answer.decision)
        target = decision.plan.target or "manual"
        request = make_request(
            decision,
            text=answer.signals.region.text,
            outcome_id=outcome_id,
            seconds=self._order.deadline.elapsed,
            tried=tried,
            environ={} if self._order.hands_off else None,
        )
        work = None if self._order.hands_off else self._order.work
        result = self._do(
            f"not escalated to {target}",
            lambda: self._find_acting().escalate(request, work=work, tool=answer.signals.tool),
        )
        step = _describe_escalation(target, result)
        if result is not None and _has_told(target, result):
            return HandedOn(result, steps=(step,))
        notified = self.notify(decision, outcome_id, (*tried, step.summary))
        return replace(notified, escalation=result, steps=(step, *notified.steps))

    def notify(
        self,
        decision: Decision,
        outcome_id: str | None,
        tried: tuple[str, ...],
        *,
        next_step: str | None = None,
        kind: NoticeKind = "failure",
        what: str | None = None,
    ) -> HandedOn:
        """Tell people what failed, what was tried, and what happens next."""
        notice = make_notice(
            decision, what=what, kind=kind, tried=tried, next_step=next_step, failure_id=outcome_id
        )  # masked and bounded by whoever sends it

        def tell() -> Mapping[str, str]:
            notifying = self._find_acting().notifying
            notifying.system.start()
            receipt = send_notice(notifying, notice, decision.channels)
            if receipt.error:
                self._faults.note("nobody could be told", receipt.error)
            return FrozenDict({name: one.status for name, one in receipt.channels.items()})

        told = self._do("nobody could be told", tell) or FrozenDict()
        if not told:
            return HandedOn()
        names = ", ".join(told)
        return HandedOn(notifications=told, steps=(HandlingStep("notify", names, True, f"told through {names}"),))

    def _keep_hands_off(self, decision: Decision) -> Decision:
        if not self._order.hands_off or decision.plan.target not in LOCAL_TARGETS:
            return decision
        plan = replace(decision.plan, target="manual", approval=False)
        reason = f"Nothing is changed on this machine, so a person is asked and not {decision.plan.target}."
        return replace(decision, plan=plan, because=(*decision.because, reason))

    def _do(self, where: str, work: Callable[[], T]) -> T | None:
        """Do it, for as long as there is time; None where it failed, or still goes on."""
        left = self._order.deadline.left
        try:
            if left is None:
                return work()
            future = call_in_background(work)
            self._follow(future)
            return future.result(left)
        except LateError:  # it goes on
            return None
        except Exception as fault:  # noqa: BLE001 - the rim: whoever is handed a failure must not become another one
            self._faults.note(where, fault)
            return None


def _has_told(target: str, result: EscalationResult) -> bool:
    """Tell whether people know of it by the escalation itself, now or since it was begun."""
    is_known = result.refused == "escalation_in_progress" or result.action == "approval_needed"
    return is_known or (result.success and target in _TELLING)


def _describe_escalation(target: str, result: EscalationResult | None) -> HandlingStep:
    if result is None:
        return HandlingStep("escalate", target, success=False, summary=f"it is not known yet what {target} came to")
    return HandlingStep("escalate", target, result.success, f"{target}: {result.summary}")
