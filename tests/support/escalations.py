"""Escalations as tests need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from errclass.actions.escalate.case import describe_case
from errclass.actions.escalate.escalation import Escalation
from errclass.actions.escalate.request import EscalationRequest
from errclass.core.types import Context, Decision, Plan

START = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CONTEXT = Context(
    operation="npm test",
    environment="staging",
    repository="acme/shop",
    branch="main",
    commit="4f2c1d9",
    attempt=2,
)


class WallClock:
    """Stand in for ``utc_now``; its seconds stand in for ``time.time``."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=max(0.0, seconds))

    async def asleep(self, seconds: float) -> None:
        import asyncio

        self.sleep(seconds)
        await asyncio.sleep(0)


def make_decision(**changes: Any) -> Decision:
    """Return a decision to have a failing test mended."""
    plan = {"target": changes.pop("target", "codegen"), "approval": changes.pop("approval", False)}
    values: dict[str, Any] = {
        "category": "persistent",
        "type": "test",
        "severity": "high",
        "retryable": False,
        "confidence": 0.95,
        "suggested_action": "fix_tests",
        "evidence": ("AssertionError: expected 2, got 3",),
        "fingerprint": "0123456789abcdef",
        "context": CONTEXT,
        "fault_domain": "code",
        "strategy": "escalate",
        "plan": Plan(**plan),
        "priority": "high",
        "decision_id": "d-1",
        "because": ("It failed 2 times, so a fix is asked of codegen.",),
    }
    return Decision(**values | changes)


def make_request(**changes: Any) -> EscalationRequest:
    """Return a request to escalate; ``text`` and the like are the request's own, the rest the decision's."""
    own = {
        name: changes.pop(name) for name in ("text", "tried", "past_fixes", "context", "outcome_id") if name in changes
    }
    own.setdefault("text", "FAIL src/cart.test.js\nAssertionError: expected 2, got 3")
    return EscalationRequest(make_decision(**changes), **own)


def make_escalation(identifier: str = "esc-1", **changes: Any) -> Escalation:
    """Return an escalation, just begun."""
    request = make_request(**changes)
    decision = request.decision
    return Escalation(
        identifier, decision.plan.target or "manual", decision.priority, describe_case(request), START, START
    )
