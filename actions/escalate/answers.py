"""What a person is told whose word changed nothing."""

from __future__ import annotations

from .escalation import Escalation
from .result import EscalationResult


def tell_none(escalation_id: str) -> EscalationResult:
    """Say that there is no such escalation."""
    return EscalationResult(False, f"there is no escalation {escalation_id!r}", refused="no_such_escalation")


def tell_unchanged(found: Escalation) -> EscalationResult:
    """Say how it stands, since nothing was changed."""
    said = f"nothing changed: it is {found.status}"
    return EscalationResult(False, said, escalation_id=found.id, status=found.status, refused="already_ended")
