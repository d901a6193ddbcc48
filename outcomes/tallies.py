"""What is asked about one failure before it is decided, and the counts that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from ..core.frozen import FrozenDict

ATTEMPT_WINDOW = timedelta(hours=24)
"""How far back failed attempts count."""
INCIDENT_WINDOW = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Question:
    """Say what is known of the failure so far; ``moment`` is now, aware."""

    fingerprint: str | None
    moment: datetime
    operation: str | None = None
    component: str | None = None
    type: str | None = None
    category: str | None = None
    failing_tests: tuple[str, ...] = ()

    def names(self) -> dict[str, str]:
        """Return the groups that the failure belongs to: scope -> name."""
        groups = {
            "fingerprint": self.fingerprint,
            "type": self.type,
            "category": self.category,
            "component": self.component,
        }
        return {scope: name for scope, name in groups.items() if name}


@dataclass(frozen=True, slots=True)
class Tally:
    """Count what befell one group; times are aware."""

    seen: int = 0
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    retries: int = 0
    retry_successes: int = 0
    recovered: int = 0
    recovery_seconds: float = 0.0
    recoveries: Mapping[str, tuple[int, int]] = field(default_factory=FrozenDict)
    """Recipe -> re-runs after it, and how many of them succeeded."""


NOTHING: Final = Tally()


@dataclass(frozen=True, slots=True)
class Tallies:
    """Answer a question; what is missing was never seen."""

    groups: Mapping[str, Tally] = field(default_factory=FrozenDict)
    """By ``fingerprint``, ``type``, ``category`` and ``component``."""
    failed_attempts: int = 0
    jobs: int = 0
    """Jobs with this fingerprint within ``INCIDENT_WINDOW``."""
    flaky_tests: tuple[str, ...] = ()


def add_waiting(
    tally: Tally,
    seen: int,
    first_seen: datetime | None,
    last_seen: datetime | None,
    reruns: Mapping[str | None, tuple[int, int]],
) -> Tally:
    """Add what waits; ``reruns`` are tries and successes by recipe, None for unchanged re-runs."""
    retries, successes = reruns.get(None, (0, 0))
    recoveries = dict(tally.recoveries)
    for recipe, (tries, passed) in reruns.items():
        if recipe is not None:
            known_tries, known_passed = recoveries.get(recipe, (0, 0))
            recoveries[recipe] = (known_tries + tries, known_passed + passed)
    return replace(
        tally,
        seen=tally.seen + seen,
        first_seen=min(filter(None, (tally.first_seen, first_seen)), default=None),
        last_seen=max(filter(None, (tally.last_seen, last_seen)), default=None),
        retries=tally.retries + retries,
        retry_successes=tally.retry_successes + successes,
        recoveries=FrozenDict(recoveries),
    )
