"""What is asked about one failure before it is decided, and the counts that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
