"""Counts by hour on a time line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

HOUR = timedelta(hours=1)
HOURS_A_DAY, DAYS_A_WEEK = 24, 7


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Hold counts of slots of an hour each, oldest first, with how much of each slot is known (0 to 1)."""

    first: datetime
    """When the first slot begins."""
    counts: Numbers
    exposures: Numbers

    def __len__(self) -> int:
        return len(self.counts)

    def cut(self, start: int, end: int | None = None) -> Slots:
        """Return the slots from number ``start`` on and before ``end``."""
        return Slots(self.begin(start), self.counts[start:end], self.exposures[start:end])

    def begin(self, number: int) -> datetime:
        """Return when a slot begins."""
        return self.first + number * HOUR

    def find(self, moment: datetime) -> int:
        """Return the number of the slot that a moment lies in; it may be outside of what is held."""
        return math.floor((moment - self.first) / HOUR)

    @property
    def hours(self) -> NDArray[Any]:
        """The hour of the day in which each slot begins."""
        return (self._numbers() + self.first.hour) % HOURS_A_DAY

    @property
    def weekdays(self) -> NDArray[Any]:
        """The day of the week on which each slot begins, Monday is 0."""
        return ((self._numbers() + self.first.hour) // HOURS_A_DAY + self.first.weekday()) % DAYS_A_WEEK

    def _numbers(self) -> NDArray[Any]:
        import numpy as np

        return np.arange(len(self))


def lay_slots(counts: Mapping[int, int], first: datetime, since: datetime, until: datetime) -> Slots:
    """Return all slots from ``first`` on that hold anything before ``until``; what is before ``since`` is not known.

    ``counts``: number of the slot, from 0, -> count; slots without any may be absent.
    """
    import numpy as np

    size = max(math.ceil((until - first) / HOUR), 0)
    numbers = np.arange(size)
    known_from, known_until = (since - first) / HOUR, (until - first) / HOUR
    exposures = np.clip(np.minimum(numbers + 1, known_until) - np.maximum(numbers, known_from), 0, 1)
    found = np.array([counts.get(number, 0) for number in range(size)], dtype=float)
    return Slots(first, found, exposures)


def join_slots(before: Slots, after: Slots) -> Slots:
    """Return slots that go on from others; the slot in which these end may be the one in which those begin."""
    import numpy as np

    both = len(before) - before.find(after.first)
    if not len(before) or both < 0:
        return after
    if not both:
        parts = ((before.counts, after.counts), (before.exposures, after.exposures))
        return Slots(before.first, *(np.concatenate(pair) for pair in parts))
    counts, exposures = (np.append(one, np.zeros(len(after) - both)) for one in (before.counts, before.exposures))
    start = len(before) - both
    counts[start:] += after.counts
    exposures[start:] += after.exposures
    return Slots(before.first, counts, exposures)
