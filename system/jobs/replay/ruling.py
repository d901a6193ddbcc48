"""What rules made of one failure, as far as two rule sets are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....core.types import Decision, Plan
from ....outcomes import DecidedFailure
from ....rules import is_automatic

RERUNS = ("retry", "recover")
"""Strategies that call the operation again."""
FIELDS = ("strategy", "type", "severity", "retryable", "plan", "priority", "channels")
"""What makes a decision another one, what counts most first."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """Name a way to call the operation again by itself."""

    strategy: str
    """``retry`` or ``recover``."""
    recipe: str | None
    """What runs before, where it recovers."""

    def __str__(self) -> str:
        return f"{self.strategy} by {self.recipe}" if self.recipe else self.strategy


@dataclass(frozen=True, slots=True)
class Ruling:
    """Hold what was decided: that it is, how grave, and what is done."""

    strategy: str
    type: str | None
    severity: str | None
    retryable: bool | None
    plan: Plan
    priority: str | None
    channels: tuple[str, ...]

    @property
    def rerun(self) -> Rerun | None:
        """How the operation is called again; None where it is not, or not before a person agrees."""
        if self.strategy not in RERUNS or self.plan.approval:
            return None
        return Rerun(self.strategy, self.plan.recipe if self.strategy == "recover" else None)

    @property
    def automatic(self) -> str | None:
        """What is done without a person: a re-run or a repair; None where nothing is."""
        if self.rerun:
            return str(self.rerun)
        return self.action if self._mends and not self._waits else None

    @property
    def asks(self) -> bool:
        """Whether it ends with a person."""
        return self.strategy == "notify" or (self.strategy == "escalate" and not self._mends) or self._waits

    @property
    def action(self) -> str:
        """The strategy, what mends where that is no person, and whether a person has to agree to it."""
        action = f"{self.strategy} {self.plan.target}" if self._mends else self.strategy
        return f"{action}, if agreed" if self._waits else action

    @property
    def calls(self) -> int:
        """How often the operation may be called by itself, the first call included; 0 where it is not called again."""
        attempts = self.plan.max_attempts if self.rerun else 0
        return max(0, attempts) if isinstance(attempts, int) else 0  # a stored plan may hold anything

    @property
    def _mends(self) -> bool:
        return self.strategy == "escalate" and is_automatic(self.strategy, self.plan.target)

    @property
    def _waits(self) -> bool:
        return bool(self.plan.approval) and is_automatic(self.strategy, self.plan.target)


def summarise_decision(decision: Decision) -> Ruling:
    """Return what a decision amounts to."""
    return Ruling(
        strategy=decision.strategy,
        type=decision.type,
        severity=decision.severity,
        retryable=decision.retryable,
        plan=decision.plan,
        priority=decision.priority,
        channels=decision.channels,
    )


def summarise_row(row: DecidedFailure, plan: Plan) -> Ruling:
    """Return what a stored decision amounts to."""
    return Ruling(row.strategy, row.type, row.severity, row.retryable, plan, row.priority, row.channels)


def list_changes(before: Ruling, after: Ruling) -> Iterator[str]:
    """Yield the fields that differ, what counts most first."""
    return (name for name in FIELDS if getattr(before, name) != getattr(after, name))


def describe_change(before: Ruling, after: Ruling) -> str:
    """Say what differs, the one thing that counts most."""
    if before.action != after.action:
        return f"{before.action} -> {after.action}"
    name = next(list_changes(before, after))
    if name in {"plan", "channels"}:
        return f"{after.action}, other {name}"
    return f"{after.action}, {name} {getattr(before, name)} -> {getattr(after, name)}"
