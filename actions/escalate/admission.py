"""Whether a new escalation may begin, beside those that are open: once for each cause, and not too many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ...core.types import Severity
from .escalation import Escalation
from .result import Refusal
from .service_levels import SERVICE_LEVELS, ServiceLevel, is_overdue
from .transitions import begin, is_abandoned, is_live

MOST_EXECUTIONS = 3
"""Processes that may begin one escalation before it counts as broken."""


@dataclass(frozen=True, slots=True)
class AdmissionRules:
    """Say what may begin."""

    concurrent: int = 10
    """Escalations that are carried out at a time, over all processes."""
    levels: Mapping[Severity, ServiceLevel] = field(default_factory=lambda: SERVICE_LEVELS)


@dataclass(frozen=True, slots=True)
class Admission:
    """Say what begins, or what is in the way."""

    escalation: Escalation | None
    refused: Refusal | None = None


def admit(
    new: Escalation,
    known: Sequence[Escalation],
    now: datetime,
    rules: AdmissionRules,
    *,
    deadline: float,
    resumable: bool,
) -> tuple[list[Escalation], Admission]:
    """Return what changes, and what is begun; ``new`` is pending where a person has to agree first.

    One of the same cause that a lost process left behind is taken over where its target bears that. Those of the same
    cause that are in nobody's hands any more make room.
    """
    same = [one for one in known if one.open and one.case.key == new.case.key]
    blocking = next((one for one in same if _is_in_the_way(one, new, now, rules)), None)
    if blocking is not None:
        seen = replace(blocking, repeats=blocking.repeats + 1, last_seen=now)
        return [seen], Admission(seen, "escalation_in_progress")
    if new.status != "pending" and _is_full(known, now, rules):
        return [], Admission(None, "escalation_limit_reached")
    left = next((one for one in same if resumable and can_resume(one, now) and one.target == new.target), None)
    if left is not None:
        taken = replace(begin(left, now, deadline), repeats=left.repeats + 1, last_seen=now)
        return [taken], Admission(taken)
    begun = new if new.status == "pending" else begin(new, now, deadline)
    return [*(_supersede(one, new, now) for one in same), begun], Admission(begun)


def agree(
    escalation_id: str, known: Sequence[Escalation], by: str, now: datetime, rules: AdmissionRules, *, deadline: float
) -> tuple[list[Escalation], Admission]:
    """Return what a person's consent changes, and what it begins: nothing where it waits no more, or too many run."""
    found = next((one for one in known if one.id == escalation_id and one.status == "pending"), None)
    if found is None:
        return [], Admission(None, "already_ended")
    if _is_full(known, now, rules):
        return [], Admission(None, "escalation_limit_reached")
    begun = replace(begin(found, now, deadline), approved_by=by, reason="")
    return [begun], Admission(begun)


def can_resume(escalation: Escalation, now: datetime) -> bool:
    """Tell whether a lost process left it behind and another may still try."""
    return is_abandoned(escalation, now) and escalation.executions < MOST_EXECUTIONS


def give_up(escalation: Escalation, now: datetime) -> Escalation:
    """Return it as left behind for good: a person has to look what was done."""
    return replace(escalation, status="error", reason="abandoned", lease_until=None, ended=now, updated=now)


def _is_full(known: Sequence[Escalation], now: datetime, rules: AdmissionRules) -> bool:
    return sum(is_live(one, now) for one in known) >= rules.concurrent


def _is_in_the_way(one: Escalation, new: Escalation, now: datetime, rules: AdmissionRules) -> bool:
    if one.status == "executing":
        return is_live(one, now)
    if one.status in ("failed", "error") or is_overdue(one, now, rules.levels):
        return False
    return one.target == new.target or one.acknowledged is not None  # a person at work is not to be disturbed


def _supersede(one: Escalation, new: Escalation, now: datetime) -> Escalation:
    settled = give_up(one, now) if one.status == "executing" else one
    if one.status == "pending":
        settled = replace(one, status="cancelled", reason="superseded")
    return replace(settled, open=False, superseded_by=new.id, updated=now)
