"""From one state of an escalation to the next: pure, so that any process may do it within a transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .escalation import Escalation, Status
from .result import HandlerResult

_GRACE = timedelta(seconds=30)
"""What a process may need beyond its deadline before it counts as lost, and what clocks of two machines may differ."""
_SETTLED = frozenset({"cancelled", "resolved"})


@dataclass(frozen=True, slots=True)
class Ended:
    """Say how carrying out ended."""

    status: Status
    result: HandlerResult | None = None
    reason: str = ""


def begin(escalation: Escalation, now: datetime, deadline: float) -> Escalation:
    """Return it as being carried out by whoever keeps this."""
    lease = now + timedelta(seconds=deadline) + _GRACE
    count = escalation.executions + 1
    return replace(escalation, status="executing", executions=count, begun=now, lease_until=lease, updated=now)


def finish(escalation: Escalation, ended: Ended, now: datetime) -> Escalation:
    """Return it as carried out; what a person settled meanwhile stays settled."""
    done = replace(escalation, result=ended.result, reason=ended.reason, lease_until=None, ended=now, updated=now)
    if escalation.status in _SETTLED:
        return done
    status: Status = ended.status
    if status == "completed" and escalation.acknowledged is not None:
        status = "acknowledged"
    goes_on = ended.status == "completed" and ended.result is not None and ended.result.goes_on
    waits = goes_on or awaits_person(escalation.target, ended.status)
    return replace(done, status=status, open=waits and escalation.superseded_by is None)


def awaits_person(target: str, status: Status) -> bool:
    """Tell whether a person still has to act: it was handed to one, or it did not work."""
    return target == "manual" if status == "completed" else status in ("failed", "error")


def is_live(escalation: Escalation, now: datetime) -> bool:
    """Tell whether a process is carrying it out."""
    return escalation.status == "executing" and not is_abandoned(escalation, now)


def is_abandoned(escalation: Escalation, now: datetime) -> bool:
    """Tell whether the process that carried it out is lost: killed, or its machine is gone.

    A beginning that lies ahead by more than clocks differ comes of one that was wrong, and its lease means nothing.
    """
    lease, begun = escalation.lease_until, escalation.begun
    if escalation.status != "executing" or lease is None:
        return False
    return now > lease or (begun is not None and begun > now + _GRACE)


def acknowledge(escalation: Escalation, by: str, now: datetime) -> Escalation:
    """Return it as taken up by a person; the first one counts."""
    if not escalation.open or escalation.acknowledged is not None:
        return escalation
    status = escalation.status if escalation.status in ("pending", "executing") else "acknowledged"
    return replace(escalation, status=status, acknowledged=now, acknowledged_by=by, updated=now)


def resolve(escalation: Escalation, by: str, now: datetime) -> Escalation:
    """Return it as settled by a person."""
    if not escalation.open:
        return escalation
    return replace(escalation, status="resolved", open=False, resolved=now, resolved_by=by, updated=now)


def cancel(escalation: Escalation, by: str, now: datetime) -> Escalation:
    """Return it as called off."""
    if not escalation.open:
        return escalation
    reason = f"cancelled by {by}"
    return replace(escalation, status="cancelled", open=False, reason=reason, lease_until=None, updated=now)
