"""What happens around a failure, one frozen value each: calls of operations, actions, messages, test results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from .clock import utc_now
from .frozen import FrozenDict
from .types import Context, Severity

ActionKind = Literal["retry", "recover", "escalate", "notify", "reset"]
ActionResult = Literal["success", "partial", "failed", "skipped"]
MessageStatus = Literal["pending", "rate_limited", "sent", "partial_failure", "failed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """Hold one finished call of an operation, successful or not."""

    id: str
    success: bool
    context: Context = field(default_factory=Context)
    """``operation``, ``operation_id`` and ``attempt`` say which call of which run it was."""
    failure_id: str | None = None
    """The recorded failure that made this call necessary; without it the call before of the same ``operation_id``."""
    unchanged: bool = True
    """Whether nothing was changed since the call before; only then does it say what a re-run is worth."""
    recovery: str | None = None
    """The recovery recipe that ran before this call."""
    started: datetime | None = None
    ended: datetime = field(default_factory=utc_now)
    passed_tests: tuple[str, ...] = ()
    """Tests that failed in the call before and passed in this one."""


@dataclass(frozen=True, slots=True)
class Action:
    """Hold one thing that was done about a failure."""

    id: str
    kind: ActionKind
    name: str
    """Recipe, escalation target or channel."""
    result: ActionResult
    failure_id: str | None = None
    decision_id: str | None = None
    started: datetime | None = None
    ended: datetime = field(default_factory=utc_now)
    details: Mapping[str, Any] = field(default_factory=FrozenDict)


@dataclass(frozen=True, slots=True)
class Message:
    """Hold one message about a failure to one channel, with what became of it."""

    id: str
    channel: str
    priority: Severity
    status: MessageStatus
    failure_id: str | None = None
    decision_id: str | None = None
    time: datetime = field(default_factory=utc_now)
    document: Mapping[str, Any] = field(default_factory=FrozenDict)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """Hold the result of one test in one run."""

    id: str
    test: str
    passed: bool
    commit: str | None = None
    """Passing and failing on the same commit is what makes a test flaky."""
    repository: str | None = None
    operation: str | None = None
    failure_id: str | None = None
    seconds: float | None = None
    time: datetime = field(default_factory=utc_now)
