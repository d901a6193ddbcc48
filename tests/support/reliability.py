"""How well operations worked, computed from plain calls with loops: what marts and reports have to agree with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.random_history import Truth

Place = tuple[str | None, ...]
WATCHED_ON = timedelta(days=14)


@dataclass(frozen=True)
class Call:
    """One call that ended: place is environment, operation, component, repository."""

    ended: datetime
    success: bool
    place: Place
    retry: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class Incident:
    """From a first failure to the next success, or as long as it is known to last."""

    opened: datetime
    until: datetime
    over: bool
    place: Place

    @property
    def seconds(self) -> float:
        return (self.until - self.opened).total_seconds()


@dataclass
class Reliability:
    """What is true of some places in a window."""

    calls: int = 0
    failures: int = 0
    retries: int = 0
    timed: int = 0
    seconds: float = 0.0
    observed: float = 0.0
    down: float = 0.0
    opened: list[Incident] = field(default_factory=list)

    @property
    def spans(self) -> list[tuple[float, bool]]:
        return [(one.seconds, one.over) for one in self.opened]

    @property
    def availability(self) -> float | None:
        return 1 - self.down / self.observed if self.observed else None

    @property
    def mtbf(self) -> float | None:
        return (self.observed - self.down) / len(self.opened) if self.opened and self.observed else None

    @property
    def mean_duration(self) -> float | None:
        return self.seconds / self.timed if self.timed else None

    @property
    def mttr(self) -> float | None:
        return recovery_mean(self.spans) if any(over for _, over in self.spans) else None


class History:
    """Calls of all places, in order of time."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self.calls = sorted(calls, key=lambda call: (call.ended, call.success))
        self.last = self.calls[-1].ended
        self._by_place: dict[Place, list[Call]] = defaultdict(list)
        for call in self.calls:
            self._by_place[call.place].append(call)

    def incidents(self) -> Iterator[Incident]:
        for place, calls in self._by_place.items():
            opened: datetime | None = None
            for call in calls:
                if call.success and opened is not None:
                    yield Incident(opened, call.ended, True, place)
                    opened = None
                elif not call.success:
                    opened = opened or call.ended
            if opened is not None:
                yield Incident(opened, self._watched_until(calls), False, place)

    def measure(self, since: datetime, until: datetime, wanted: dict[int, set[str | None]]) -> Reliability:
        """Compute what is true from ``since`` on and before ``until``; ``wanted``: number in the place -> values."""
        found = Reliability()
        for call in self.calls:
            if since <= call.ended < until and _fits(call.place, wanted):
                found.calls += 1
                found.failures += not call.success
                found.retries += call.retry
                found.timed += call.seconds is not None
                found.seconds += call.seconds or 0.0
        for place, calls in self._by_place.items():
            if _fits(place, wanted):
                found.observed += _overlap(calls[0].ended, self._watched_until(calls), since, until)
        for one in self.incidents():
            if _fits(one.place, wanted):
                found.down += _overlap(one.opened, one.until, since, until)
                if since <= one.opened < until:
                    found.opened.append(one)
        return found

    def _watched_until(self, calls: list[Call]) -> datetime:
        return min(calls[-1].ended + WATCHED_ON, self.last)


def to_calls(truth: Truth) -> list[Call]:
    """Return the calls of a drawn history."""
    found = [Call(fault.time, False, fault.place) for fault in truth.faults if not fault.cancelled]
    found += [Call(c.time, c.success, fault.place, True) for fault in truth.faults for c in fault.reruns]
    return found + [Call(call.time, call.success, call.place) for call in truth.calls]


def recovery_mean(spans: list[tuple[float, bool]]) -> float:
    """Return the area under the Kaplan-Meier curve up to its end."""
    area, before, survival = 0.0, 0.0, 1.0
    for moment, left in recovery_curve(spans):
        area += survival * (moment - before)
        before, survival = moment, left
    return area


def recovery_median(spans: list[tuple[float, bool]]) -> float | None:
    """Return when half has recovered; None where the curve does not get there."""
    return next((moment for moment, left in recovery_curve(spans) if left <= 0.5 + 1e-9), None)


def recovery_curve(spans: list[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Return the steps of the Kaplan-Meier curve: time, share that lasts longer."""
    steps, survival = [], 1.0
    for moment in sorted({span for span, _ in spans}):
        at_risk = sum(span >= moment for span, _ in spans)
        survival *= 1 - sum(span == moment and over for span, over in spans) / at_risk
        steps.append((moment, survival))
    return steps


def _fits(place: Place, wanted: dict[int, set[str | None]]) -> bool:
    return all(place[number] in values for number, values in wanted.items())


def _overlap(start: datetime, end: datetime, since: datetime, until: datetime) -> float:
    return max(0.0, (min(end, until) - max(start, since)).total_seconds())
