"""What can be told of a circuit, and of all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .circuit import Circuit, State
from .options import BreakerOptions


@dataclass(frozen=True, slots=True)
class BreakerStatus:
    """Describe one circuit at one moment; times are seconds on the breaker's clock."""

    operation: str
    state: State
    failure_count: int
    success_count: int
    ignored_count: int
    rejected_count: int
    opened_count: int
    closed_count: int
    stale_count: int
    consecutive_failures: int
    last_failure_time: float | None
    last_state_change: float
    recent_failures: int
    """Failures that count towards opening."""
    half_open_calls: int
    """Trial calls of which nothing was heard yet."""
    time_until_half_open: float
    """Seconds; 0 where it is not open, infinity where it is forced open."""
    config: BreakerOptions


def describe_circuit(operation: str, circuit: Circuit, now: float) -> BreakerStatus:
    """Return the status of a circuit at ``now``."""
    counters = circuit.counters
    return BreakerStatus(
        operation=operation,
        state=circuit.state,
        failure_count=counters.failures,
        success_count=counters.successes,
        ignored_count=counters.ignored,
        rejected_count=counters.rejected,
        opened_count=counters.opened,
        closed_count=counters.closed,
        stale_count=counters.stale,
        consecutive_failures=circuit.consecutive_failures,
        last_failure_time=circuit.last_failure_at,
        last_state_change=circuit.changed_at,
        recent_failures=circuit.recent(now)[1],
        half_open_calls=circuit.probes_in_flight,
        time_until_half_open=circuit.time_left(now),
        config=circuit.options,
    )


@dataclass(frozen=True, slots=True)
class BreakerStatistics:
    """Sum up all circuits."""

    total_calls: int
    total_failures: int
    total_successes: int
    total_rejected: int
    circuits_opened: int
    circuits_closed: int
    active_circuits: int
    circuits_by_state: Mapping[str, int]
    operation_types: tuple[str, ...]
    success_rate: float | None
    """Share of the calls that counted; None before the first."""
    failure_rate: float | None


def sum_up(statuses: Sequence[BreakerStatus]) -> BreakerStatistics:
    """Return the sums over all circuits."""
    successes = sum(status.success_count for status in statuses)
    failures = sum(status.failure_count for status in statuses)
    calls = successes + failures
    return BreakerStatistics(
        total_calls=calls + sum(status.ignored_count for status in statuses),
        total_failures=failures,
        total_successes=successes,
        total_rejected=sum(status.rejected_count for status in statuses),
        circuits_opened=sum(status.opened_count for status in statuses),
        circuits_closed=sum(status.closed_count for status in statuses),
        active_circuits=len(statuses),
        circuits_by_state=dict(Counter(status.state for status in statuses)),
        operation_types=tuple(sorted(status.operation for status in statuses)),
        success_rate=successes / calls if calls else None,
        failure_rate=failures / calls if calls else None,
    )
