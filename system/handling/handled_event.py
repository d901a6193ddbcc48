"""What the log says of a handled failure."""

from __future__ import annotations

import logging
from contextlib import suppress

from .handling_result import HandlingResult

_log = logging.getLogger("errclass")
NAME = "errclass.handled"


def log_handled(result: HandlingResult) -> None:
    """Log the event, with flat keys for those who read logs by program; what was tried only for debugging."""
    decision = result.decision
    known = {
        "event": NAME,
        "operation": decision.context.operation if decision else None,
        "operation_id": result.operation_id,
        "failure_type": decision.type if decision else None,
        "strategy": result.strategy,
        "success": result.success,
        "attempts": result.attempts,
        "seconds": round(result.total_time, 3),
        "outcome_id": result.outcome_id,
        "decision_id": decision.decision_id if decision else None,
        "is_handling_error": result.is_handling_error,
    }
    with suppress(Exception):  # the program's own log handlers may raise, and the result is worth more
        _log.info("%s: %s", NAME, result.message, extra=known)
        for step in result.steps:
            _log.debug("errclass.step: %s %s: %s", step.kind, step.name, step.summary)
