"""What became of an escalation, as a value: nothing is raised into the caller's pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable

Refusal = Literal[
    "escalation_in_progress", "escalation_limit_reached", "acting_is_off", "unknown_target", "no_such_escalation",
    "already_ended", "bad_request",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class HandlerResult:
    """Say what a handler achieved."""

    success: bool
    summary: str
    """One sentence for a person."""
    action: str = ""
    """What it was, as one word, such as ``notification_sent``."""
    details: Mapping[str, Any] = field(default_factory=FrozenDict)
    """More of it, JSON-ready."""
    retryable: bool = False
    """Whether another call may succeed."""
    retry_after: float | None = None
    """Seconds to wait before it, at least."""
    goes_on: bool = False
    """Whether what it began lasts: the same is not begun again until a person settles it, or it is overdue."""


@dataclass(frozen=True, slots=True)
class EscalationResult:
    """Say what became of a request."""

    success: bool
    summary: str
    action: str = ""
    details: Mapping[str, Any] = field(default_factory=FrozenDict)
    escalation_id: str | None = None
    """The escalation it is about; None where nothing was begun and nothing is in progress."""
    status: str | None = None
    """Its status now."""
    refused: Refusal | None = None
    """Why nothing was begun."""

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values
