"""How soon a person has to take an escalation up and settle it, by its priority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ...core.types import Severity
from .escalation import Escalation

BreachKind = Literal["acknowledge", "resolve"]


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Say how long may pass since the escalation began."""

    acknowledge: timedelta
    resolve: timedelta


SERVICE_LEVELS: Mapping[Severity, ServiceLevel] = {
    "critical": ServiceLevel(timedelta(minutes=15), timedelta(hours=4)),
    "high": ServiceLevel(timedelta(hours=1), timedelta(days=1)),
    "medium": ServiceLevel(timedelta(hours=8), timedelta(days=3)),
    "low": ServiceLevel(timedelta(days=1), timedelta(days=7)),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """Tell of one deadline that was missed."""

    escalation: Escalation
    kind: BreachKind
    late: timedelta
    """By how much."""

    @property
    def key(self) -> str:
        """The same for the same breach, whoever tells it: for those who must not tell twice."""
        return f"{self.escalation.id}:{self.kind}"


def find_breaches(
    escalation: Escalation, now: datetime, levels: Mapping[Severity, ServiceLevel] = SERVICE_LEVELS
) -> tuple[Breach, ...]:
    """Return the deadlines that an open escalation has missed and that were not told of yet."""
    if not escalation.open:
        return ()
    level, age = _find_level(escalation, levels), now - escalation.created
    missed: list[Breach] = []
    if not _is_taken_up(escalation) and age > level.acknowledge:
        missed.append(Breach(escalation, "acknowledge", age - level.acknowledge))
    if age > level.resolve:
        missed.append(Breach(escalation, "resolve", age - level.resolve))
    return tuple(breach for breach in missed if breach.kind not in escalation.breaches)


def is_overdue(escalation: Escalation, now: datetime, levels: Mapping[Severity, ServiceLevel]) -> bool:
    """Tell whether it should have been settled by now."""
    return now - escalation.created > _find_level(escalation, levels).resolve


def _is_taken_up(escalation: Escalation) -> bool:
    """Tell whether a person has it, or what its handler began, such as an agent's run."""
    result = escalation.result
    return escalation.acknowledged is not None or (result is not None and result.goes_on)


def _find_level(escalation: Escalation, levels: Mapping[Severity, ServiceLevel]) -> ServiceLevel:
    """Return the level of a priority; the usual one where the given levels lack it."""
    return levels.get(escalation.priority) or SERVICE_LEVELS[escalation.priority]
