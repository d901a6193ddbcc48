"""What the kept document of a shared circuit says, for those who only look: its options are not known to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..state_document import read_mapping, read_number
from .circuit import DISABLED, FORCED_OPEN, OPEN, State, read_state


@dataclass(frozen=True, slots=True)
class SharedState:
    """Say how a shared circuit stands."""

    state: State
    time_left: float
    """Seconds until an open one is tried again: 0 where any call may, infinity where it is forced open."""
    changed_at: float
    """When it came into this state, in seconds since 1970; 0 where it never changed."""

    def was_open_since(self, moment: float) -> bool:
        """Tell whether calls were refused at any time since a moment, in seconds since 1970, as far as it tells.

        One that was left open, and that nobody has called since its time was over, is not.
        """
        return self.time_left > 0 or (self.state != DISABLED and self.changed_at >= moment)


def read_shared_state(document: Any, now: float) -> SharedState:
    """Return what a document says at ``now``, in seconds since 1970; raises UsageError for a damaged one."""
    circuit = read_mapping(document, "circuit")
    state, changed_at = read_state(circuit), read_number(circuit, "changed_at")
    if state == FORCED_OPEN:
        return SharedState(state, float("inf"), changed_at)
    # As those do who use it: a time from further ahead comes from a wrong clock, and counts by its own.
    now = max(now, read_number(document, "now"))
    time_left = max(0.0, read_number(circuit, "open_until") - now) if state == OPEN else 0.0
    return SharedState(state, time_left, changed_at)
