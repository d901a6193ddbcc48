"""What can be watched, and what is usual for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ...core.types import Severity
from ..sections import Unit

Direction = Literal["above", "below"]
_HOUR, _DAY = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class AlertKind:
    """Describe one thing that can be watched, with its usual values; times in seconds."""

    name: str
    what: str
    """What its number is, in words that go before ``: 34 %``."""
    cases: str
    """What the number rests on, in the plural."""
    unit: Unit
    direction: Direction
    """On which side of the threshold it is bad."""
    threshold: float
    minimum: int
    """Cases below which nothing is said."""
    severity: Severity
    window: float = _DAY
    for_at_least: float = 300.0
    """How long it must hold before it fires."""
    clear_after: float = 900.0
    """How long it must be over before it is resolved."""

    @property
    def counts(self) -> bool:
        """Whether its number is a count of things, of which one is one too many."""
        return self.unit == "" and self.threshold == 1

    def find_clear(self, threshold: float) -> float:
        """Return the usual number at which an alert with this threshold is over: a fifth better, or none at all."""
        if self.counts:
            return max(threshold - 1, 0.0)
        return round(0.8 * threshold if self.direction == "above" else 1 - 0.8 * (1 - threshold), 9)


_ALL = (
    AlertKind("high_failure_rate", "Calls that failed", "calls", "share", "above", 0.1, 10, "high", window=_HOUR),
    AlertKind("low_success_rate", "Runs that succeeded in the end", "runs", "share", "below", 0.9, 10, "high"),
    AlertKind("high_mttr", "Mean time to recovery", "incidents", "seconds", "above", _HOUR, 3, "medium"),
    AlertKind("low_availability", "Availability", "hours watched", "share", "below", 0.95, 12, "critical"),
    AlertKind(
        "degradation", "Calls that failed beyond the usual", "calls", "points", "above", 0.1, 20, "high", window=_HOUR
    ),
    AlertKind(
        "failure_spike",
        "Failures against the busiest like time of the last 7 days",
        "failures",
        "",
        "above",
        2.0,
        20,
        "medium",
        window=_HOUR,
    ),
    AlertKind("recovery_failures", "Recoveries that failed", "recoveries", "share", "above", 0.25, 3, "medium"),
    AlertKind(
        "breaker_trips",
        "Circuit breakers that opened",
        "breakers",
        "",
        "above",
        1.0,
        1,
        "high",
        window=_HOUR,
        for_at_least=0.0,
    ),
    AlertKind(
        "critical_errors", "Critical errors", "errors", "", "above", 1.0, 1, "critical", window=_HOUR, for_at_least=0.0
    ),
)
KINDS: Final[Mapping[str, AlertKind]] = {kind.name: kind for kind in _ALL}
"""Name -> kind; each is also a rule of this name."""
USUAL_SECONDS: Final = 7 * _DAY
"""How far back before a window the usual is looked for."""
