"""What the kept document of a shared circuit says, for those who only look: its options are not known to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..state_document import read_mapping, read_number
from .circuit import FORCED_OPEN, OPEN, State, read_state


@dataclass(frozen=True, slots=True)
class SharedState:
    """Say how a shared circuit stands."""

    state: State
    time_left: float
    """Seconds until an open one is tried again: 0 where any call may, infinity where it is forced open."""


def read_shared_state(document: Any, now: float) -> SharedState:
    """Return what a document says at ``now``, in seconds since 1970; raises UsageError for a damaged one."""
    circuit = read_mapping(document, "circuit")
    state = read_state(circuit)
    if state == FORCED_OPEN:
        return SharedState(state, float("inf"))
    # As those do who use it: a time from further ahead comes from a wrong clock, and counts by its own.
    now = max(now, read_number(document, "now"))
    return SharedState(state, max(0.0, read_number(circuit, "open_until") - now) if state == OPEN else 0.0)
