"""What is counted of an event, whichever system counts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..breaker import BreakerChanged, BreakerRefused
from ..retry import RetryScheduled, RetryStopped, RetrySucceeded
from .events import Event

COUNTERS = {
    "errclass_retries": ("type", "Attempts that failed and are repeated"),
    "errclass_retry_recoveries": ("attempts", "Calls that succeeded after they had failed"),
    "errclass_retry_failures": ("reason", "Calls that failed for good"),
    "errclass_breaker_changes": ("state", "Circuits that came into a state"),
    "errclass_breaker_refusals": ("state", "Calls that a circuit refused"),
}
WAIT = "errclass_retry_wait_seconds"


@dataclass(frozen=True, slots=True)
class Measure:
    """Say what an event adds to."""

    name: str
    operation: str
    label: str
    value: float = 1.0


def measure_event(event: Event) -> Iterator[Measure]:
    """Yield what the event adds to: counters by one, ``WAIT`` a wait in seconds."""
    if isinstance(event, RetryScheduled):
        kind = event.kind or event.error
        yield Measure("errclass_retries", event.operation, kind)
        yield Measure(WAIT, event.operation, kind, event.wait)
    elif isinstance(event, RetrySucceeded):
        yield Measure("errclass_retry_recoveries", event.operation, str(event.attempts))
    elif isinstance(event, RetryStopped):
        yield Measure("errclass_retry_failures", event.operation, event.reason)
    elif isinstance(event, BreakerChanged):
        yield Measure("errclass_breaker_changes", event.operation, event.after)
    elif isinstance(event, BreakerRefused):
        yield Measure("errclass_breaker_refusals", event.operation, "open")
