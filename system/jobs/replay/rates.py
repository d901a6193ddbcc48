"""What a call costs: minutes as seen, and money where the user says what a minute costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ....core.errors import UsageError
from ....outcomes import Observed


@dataclass(frozen=True, slots=True)
class Rates:
    """Turn calls into minutes, and minutes into money."""

    observed: Observed
    minutes_per_call: float | None = None
    """Of every operation, instead of what was seen."""
    cost_per_minute: float | None = None

    def minutes(self, calls: Mapping[str | None, int]) -> float | None:
        """Return what calls, counted by operation, take; None where no call ever told how long it took."""
        each = {operation: self._minutes_of(operation) for operation in calls}
        known = [count * minutes for operation, count in calls.items() if (minutes := each[operation]) is not None]
        return round(sum(known), 1) if len(known) == len(calls) else None

    def money(self, minutes: float | None) -> float | None:
        """Return what minutes cost; None where they are not known, or nobody said what a minute costs."""
        return None if minutes is None or self.cost_per_minute is None else round(minutes * self.cost_per_minute, 2)

    def _minutes_of(self, operation: str | None) -> float | None:
        if self.minutes_per_call is not None:
            return self.minutes_per_call
        seconds = self.observed.call_seconds(operation)
        return None if seconds is None else seconds / 60


def check_rate(option: str, value: float | None) -> None:
    """Raise UsageError for what is no price: less than nothing, or no number."""
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise UsageError(f"{option} {value}: expected a number from 0")
