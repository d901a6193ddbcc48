"""What a closed circuit remembers of its calls, one class per kind of trip; plain data, without a lock."""

from __future__ import annotations

from collections import deque
from typing import Any, Protocol

from ...core.errors import UsageError
from ..state_document import as_count, as_number
from .options import BreakerOptions, Consecutive, FailuresInWindow, FailuresOfLast, RateByCount, RateByTime, SlowCalls

_SLICES = 1_000
"""Calls that are nearer together than this part of the window are kept as one entry."""
_BOTH = 3
"""A result that failed (1) and was slow (2)."""
_NAME = "window"


class Window(Protocol):
    """Remember calls and say when they trip the circuit."""

    def record(self, now: float, *, failed: bool, slow: bool) -> bool:
        """Take in one call that ended at ``now`` (seconds) and return whether it trips the circuit."""
        ...

    def recent(self, now: float) -> tuple[int, int]:
        """Return calls and failures that count at ``now``; where only failures are kept, these twice."""
        ...

    def export(self) -> list[Any]:
        """Return all of it, JSON-ready."""
        ...

    def restore(self, state: list[Any]) -> None:
        """Take over what ``export`` returned; raises UsageError for anything else."""
        ...

    def move(self, shift: float) -> None:
        """Move all times by ``shift`` seconds."""
        ...


def make_window(options: BreakerOptions) -> Window:
    """Return an empty window of the kind that the options ask for."""
    trip = options.trip
    if isinstance(trip, FailuresInWindow):
        return FailureTimes(trip)
    if isinstance(trip, Consecutive):
        return FailureRun(trip)
    if isinstance(trip, FailuresOfLast):
        return LastCalls(trip.calls, _Limit(failures=trip.failures))
    limit = _Limit(rate=trip.rate, min_calls=trip.min_calls, slow=options.slow, above=options.above_rate)
    limit.failure_only = options.on_failure_only
    if isinstance(trip, RateByCount):
        limit.min_calls = min(trip.min_calls, trip.calls)
        return LastCalls(trip.calls, limit)
    return TimedCalls(trip, limit)


class FailureTimes:
    """Keep the times of failures within a window."""

    __slots__ = ("_times", "_trip")

    def __init__(self, trip: FailuresInWindow) -> None:
        self._trip = trip
        self._times: deque[float] = deque(maxlen=trip.failures)

    def record(self, now: float, *, failed: bool, slow: bool) -> bool:
        """Keep a failure; a success forgets none of them."""
        if not failed:
            return False
        self._times.append(now)
        return len(self._times) == self._trip.failures and now - self._times[0] < self._trip.window

    def recent(self, now: float) -> tuple[int, int]:
        """Return the failures, twice."""
        count = sum(now - time < self._trip.window for time in self._times)
        return count, count

    def export(self) -> list[Any]:
        """Return the times."""
        return list(self._times)

    def restore(self, state: list[Any]) -> None:
        """Take the times over."""
        self._times = deque((as_number(time, _NAME) for time in state), maxlen=self._trip.failures)

    def move(self, shift: float) -> None:
        """Move the times."""
        self._times = deque((time + shift for time in self._times), maxlen=self._trip.failures)


class FailureRun:
    """Count the failures since the last success."""

    __slots__ = ("_count", "_trip")

    def __init__(self, trip: Consecutive) -> None:
        self._trip = trip
        self._count = 0

    def record(self, now: float, *, failed: bool, slow: bool) -> bool:
        """Count a failure; a success starts the count anew."""
        self._count = self._count + 1 if failed else 0
        return self._count >= self._trip.failures

    def recent(self, now: float) -> tuple[int, int]:
        """Return the run, twice."""
        return self._count, self._count

    def export(self) -> list[Any]:
        """Return the run."""
        return [self._count]

    def restore(self, state: list[Any]) -> None:
        """Take the run over."""
        _check(len(state) == 1)
        self._count = as_count(state[0], _NAME)

    def move(self, shift: float) -> None:
        """Do nothing: there are no times."""


class _Limit:
    """Say whether counts trip the circuit."""

    __slots__ = ("above", "failure_only", "failures", "min_calls", "rate", "slow")

    def __init__(
        self,
        *,
        failures: int | None = None,
        rate: float = 1.0,
        min_calls: int = 1,
        slow: SlowCalls | None = None,
        above: bool = False,
    ) -> None:
        self.failures = failures
        self.rate = rate
        self.min_calls = min_calls
        self.slow = slow
        self.above = above
        self.failure_only = False

    def is_reached(self, calls: int, failed: int, slow: int, *, by_failure: bool) -> bool:
        if self.failures is not None:
            return failed >= self.failures
        if calls < self.min_calls or (self.failure_only and not by_failure):
            return False
        return self._reaches(failed / calls, self.rate) or (
            self.slow is not None and self._reaches(slow / calls, self.slow.rate)
        )

    def _reaches(self, share: float, rate: float) -> bool:
        return share > rate if self.above else share >= rate


class LastCalls:
    """Keep the results of the last calls."""

    __slots__ = ("_failed", "_limit", "_results", "_slow")

    def __init__(self, calls: int, limit: _Limit) -> None:
        self._results: deque[int] = deque(maxlen=calls)
        self._failed = 0
        self._slow = 0
        self._limit = limit

    def record(self, now: float, *, failed: bool, slow: bool) -> bool:
        """Keep a result; the oldest makes room."""
        if len(self._results) == self._results.maxlen:
            self._count(self._results[0], -1)
        self._results.append(failed + 2 * slow)
        self._count(self._results[-1], 1)
        return self._limit.is_reached(len(self._results), self._failed, self._slow, by_failure=failed)

    def recent(self, now: float) -> tuple[int, int]:
        """Return calls and failures."""
        return len(self._results), self._failed

    def export(self) -> list[Any]:
        """Return the results: 1 failed, 2 slow, 3 both."""
        return list(self._results)

    def restore(self, state: list[Any]) -> None:
        """Take the results over."""
        results = [as_count(result, _NAME) for result in state]
        _check(all(result <= _BOTH for result in results))
        self._results = deque(results, maxlen=self._results.maxlen)
        self._failed = sum(result & 1 for result in self._results)
        self._slow = sum(result >> 1 for result in self._results)

    def move(self, shift: float) -> None:
        """Do nothing: there are no times."""

    def _count(self, result: int, step: int) -> None:
        self._failed += step * (result & 1)
        self._slow += step * (result >> 1)


class TimedCalls:
    """Count calls within a window of time; memory is bounded whatever the traffic."""

    __slots__ = ("_calls", "_entries", "_failed", "_limit", "_slow", "_trip")

    def __init__(self, trip: RateByTime, limit: _Limit) -> None:
        self._trip = trip
        self._limit = limit
        self._entries: deque[list[float]] = deque()
        self._calls = self._failed = self._slow = 0

    def record(self, now: float, *, failed: bool, slow: bool) -> bool:
        """Count a call; an entry as old as the window is forgotten."""
        self._forget(now)
        if not self._entries or now - self._entries[-1][0] > self._trip.window / _SLICES:
            self._entries.append([now, 0, 0, 0])
        self._add(self._entries[-1], 1, failed, slow)
        return self._limit.is_reached(self._calls, self._failed, self._slow, by_failure=failed)

    def recent(self, now: float) -> tuple[int, int]:
        """Return calls and failures."""
        self._forget(now)
        return self._calls, self._failed

    def export(self) -> list[Any]:
        """Return entries of time, calls, failures, slow calls."""
        return [list(entry) for entry in self._entries]

    def restore(self, state: list[Any]) -> None:
        """Take the entries over."""
        self._entries = deque(_read_entry(entry) for entry in state)
        self._calls, self._failed, self._slow = (int(sum(entry[part] for entry in self._entries)) for part in (1, 2, 3))

    def move(self, shift: float) -> None:
        """Move the entries."""
        for entry in self._entries:
            entry[0] += shift

    def _add(self, entry: list[float], calls: int, failed: bool, slow: bool) -> None:  # noqa: FBT001 - they are added
        entry[1] += calls
        entry[2] += failed
        entry[3] += slow
        self._calls += calls
        self._failed += failed
        self._slow += slow

    def _forget(self, now: float) -> None:
        while self._entries and now - self._entries[0][0] >= self._trip.window:
            _, calls, failed, slow = self._entries.popleft()
            self._calls -= int(calls)
            self._failed -= int(failed)
            self._slow -= int(slow)


def _read_entry(entry: Any) -> list[float]:
    """Return time, calls, failures and slow calls."""
    _check(isinstance(entry, list) and len(entry) == 4)
    return [as_number(entry[0], _NAME), *(as_count(count, _NAME) for count in entry[1:])]


def _check(holds: bool) -> None:  # noqa: FBT001 - it is the condition itself
    if not holds:
        raise UsageError("a breaker's state is damaged: window is that of other options; export it anew")
