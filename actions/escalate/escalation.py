"""One escalation as it is kept, and as it comes back from where it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable
from ...core.types import Severity
from .case import Case, rebuild_case
from .result import HandlerResult

Status = Literal[
    "pending", "executing", "completed", "failed", "error", "cancelled", "acknowledged", "resolved"
]  # fmt: skip

_TIMES = ("created", "updated", "begun", "lease_until", "ended", "acknowledged", "resolved", "last_seen")


@dataclass(frozen=True, slots=True)
class Escalation:
    """Hold one escalation: what it is about, where it stands, and what came of it."""

    id: str
    target: str
    priority: Severity
    case: Case
    created: datetime
    updated: datetime
    status: Status = "pending"
    """``failed``: its handler says so or was too slow; ``error``: its handler broke, or its process died."""
    open: bool = True
    """Whether somebody still has to act: a handler, or a person."""
    executions: int = 0
    """How many processes began to carry it out."""
    begun: datetime | None = None
    """When the last of them did."""
    lease_until: datetime | None = None
    """Until when whoever carries it out has to be done; after it, that process counts as lost."""
    result: HandlerResult | None = None
    reason: str = ""
    """Why it stands where it does, where the result does not say: ``timed_out``, ``abandoned``, ..."""
    ended: datetime | None = None
    """When its handler did."""
    acknowledged: datetime | None = None
    acknowledged_by: str | None = None
    resolved: datetime | None = None
    resolved_by: str | None = None
    approved_by: str | None = None
    repeats: int = 0
    """Requests for the same that came while it was open."""
    last_seen: datetime | None = None
    breaches: tuple[str, ...] = ()
    """Deadlines that it missed and that were told: ``acknowledge``, ``resolve``."""
    superseded_by: str | None = None
    """The escalation that took its place."""

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values


def rebuild_escalation(document: Mapping[str, Any]) -> Escalation:
    """Return the escalation that ``to_dict`` made this of; raises TypeError, ValueError or KeyError for others."""
    known = {one.name for one in fields(Escalation)}
    values = {name: value for name, value in document.items() if name in known}
    for name in _TIMES:
        if values.get(name) is not None:
            values[name] = _read_time(values[name])
    if values["status"] not in get_args(Status) or values["priority"] not in get_args(Severity):
        raise ValueError(f"it is {values['status']!r}, of priority {values['priority']!r}")
    values["case"] = rebuild_case(values["case"])
    values["breaches"] = tuple(values.get("breaches", ()))
    if values.get("result") is not None:
        values["result"] = _rebuild_result(values["result"])
    return Escalation(**values)


def _read_time(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"the time {value!r} has no zone")
    return moment


def _rebuild_result(document: Mapping[str, Any]) -> HandlerResult:
    known = {one.name for one in fields(HandlerResult)}
    values = {name: value for name, value in document.items() if name in known}
    return HandlerResult(**values | {"details": FrozenDict(values.get("details", {}))})
