"""What a handling says of its end, for a person and in the words of the asked-for system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..jobs.run_recoveries import describe_result
from .handling_order import HandlingOrder

if TYPE_CHECKING:
    from ...core.types import Decision
    from .handling import Ended
    from .handling_recoveries import HandlingRecoveries
    from .handover import HandedOn

_WORDS = {
    "retry": "intelligent_retry",
    "recover": "automated_recovery",
    "escalate": "escalation",
    "notify": "notification",
    "ignore": "none",
}


def name_strategy(decision: Decision | None) -> str:
    """Return a decision in the words of the asked-for system."""
    if decision is None:
        return "none"
    if decision.strategy != "escalate":
        return _WORDS[decision.strategy]
    if decision.plan.target == "environment_reset":
        return "environment_reset"
    return "immediate_escalation" if decision.severity == "critical" else "escalation"


def describe_next_step(decision: Decision, obstacle: str) -> str | None:
    """Return what is to be done where it was not done; None: as the decision suggests."""
    if decision.strategy != "recover":
        return None
    return f"recover by {decision.plan.recipe or 'any recipe'}, which was not done: {obstacle}"


def describe_end(
    order: HandlingOrder,
    decision: Decision | None,
    ended: Ended,
    handed_on: HandedOn,
    calls: int,
    recoveries: HandlingRecoveries,
) -> str:
    """Return one sentence about what became of a failure, and what the caller has to do."""
    if decision is None:
        return "errclass could not decide, so nothing automatic was done"
    if ended.success and order.operation is not None:
        return f"{order.name} succeeded at call {calls}"
    if ended.success:
        return f"{decision.type}: {describe_result(recoveries.results[-1])}; call it again"
    if ended.wait is not None:
        return f"{decision.type}: call it again in {ended.wait:.1f} s"
    if handed_on.escalation is not None:
        return f"{decision.type}: {handed_on.escalation.summary}"
    next_step = describe_next_step(decision, recoveries.obstacle) or decision.suggested_action.replace("_", " ")
    return f"{decision.type}: nothing automatic is left to do; next: {next_step}"
