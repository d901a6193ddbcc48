"""The state machine of one circuit: plain data and time as an argument; no lock, no clock, no call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from ...core.errors import UsageError
from ..state_document import as_count, as_number, read_count, read_list, read_mapping, read_number, read_value
from .options import BreakerOptions, FailuresInWindow
from .windows import make_window

State = Literal["closed", "open", "half_open", "forced_open", "disabled"]
Outcome = Literal["success", "failure", "ignored", "cancelled"]

CLOSED: State = "closed"
OPEN: State = "open"
HALF_OPEN: State = "half_open"
FORCED_OPEN: State = "forced_open"
DISABLED: State = "disabled"
_MOST_GROWTH = 64
"""Trials after which the open time grows no more; a power beyond would overflow."""
_TIMES = ("changed_at", "_open_until")
_COUNTS = ("generation", "consecutive_failures", "_trials", "_last_probe", "_succeeded", "_failed")


@dataclass(slots=True)
class Counters:
    """Count what happened since the circuit was made."""

    successes: int = 0
    failures: int = 0
    ignored: int = 0
    rejected: int = 0
    opened: int = 0
    closed: int = 0
    stale: int = 0
    """Results that came after the state in which their call began; they count as nothing else."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Allow one call; tagged with the generation of the state that gave it."""

    generation: int
    probe: int | None = None
    """Number of the trial call of a half-open circuit."""


class Circuit:
    """Decide which calls go through, from what became of those before."""

    def __init__(self, options: BreakerOptions) -> None:
        self.options = options
        self.state: State = CLOSED
        self.generation = 0
        self.counters = Counters()
        self.changed_at = 0.0
        """Seconds on the caller's clock."""
        self.last_failure_at: float | None = None
        self.consecutive_failures = 0
        self._window = make_window(options)
        self._counts_successes = not isinstance(options.trip, FailuresInWindow)
        self._open_until = 0.0
        self._trials = 0
        """Failed trials since the circuit was closed."""
        self._probes: dict[int, float] = {}
        """Trial calls in flight, with the time at which they began."""
        self._last_probe = 0
        """Number of the latest trial call; never used again, so that a late result is told from a new one's."""
        self._succeeded = self._failed = 0

    def admit(self, now: float) -> Permit | None:
        """Return a permit, or None where the call is refused."""
        if self.state == OPEN and self._is_over(now):
            self._enter(HALF_OPEN, now)
        if self.state == HALF_OPEN:
            return self._admit_probe(now)
        if self.state in (OPEN, FORCED_OPEN):
            self.counters.rejected += 1
            return None
        return Permit(self.generation)

    def report(self, permit: Permit, outcome: Outcome, now: float, duration: float = 0.0) -> None:
        """Take in what became of a permitted call; ``duration`` in seconds."""
        if permit.generation != self.generation:
            self.counters.stale += 1
            return
        if self.state == DISABLED:
            return
        if outcome == "ignored":
            self.counters.ignored += 1
            outcome = "success" if self.options.ignored_succeed else "ignored"
        self._count(outcome, now)
        if self.state == HALF_OPEN:
            self._report_probe(permit, outcome, now)
        elif outcome in ("success", "failure") and self._trips(outcome == "failure", now, duration):
            self._open(now)

    def time_left(self, now: float) -> float:
        """Return seconds until a call may be tried again: 0 where one may be, infinity where it is forced open."""
        if self.state == FORCED_OPEN:
            return float("inf")
        return max(0.0, self._open_until - now) if self.state == OPEN else 0.0

    @property
    def heeds_successes(self) -> bool:
        """Whether a success would change anything but be counted."""
        return self.state != CLOSED or self._counts_successes or self.consecutive_failures > 0

    def recent(self, now: float) -> tuple[int, int]:
        """Return the calls and failures that count at ``now``."""
        return self._window.recent(now)

    @property
    def probes_in_flight(self) -> int:
        """Trial calls of which nothing was heard yet."""
        return len(self._probes)

    def force(self, state: State, now: float) -> None:
        """Put the circuit into a state by hand; closed and disabled forget what was."""
        self._trials = 0
        self._enter(state, now)

    def export(self) -> dict[str, Any]:
        """Return everything, JSON-ready."""
        return {
            "state": self.state,
            **{name.lstrip("_"): getattr(self, name) for name in (*_TIMES, *_COUNTS)},
            "last_failure_at": self.last_failure_at,
            "probes": {str(number): began for number, began in self._probes.items()},
            "counters": {name: getattr(self.counters, name) for name in Counters.__dataclass_fields__},
            "window": self._window.export(),
        }

    @classmethod
    def restored(cls, options: BreakerOptions, document: Mapping[str, Any]) -> Self:
        """Return a circuit as ``export`` described it; raises UsageError for anything else."""
        circuit = cls(options)
        circuit.state = read_state(document)
        for name in _TIMES:
            setattr(circuit, name, read_number(document, name.lstrip("_")))
        for name in _COUNTS:
            setattr(circuit, name, read_count(document, name.lstrip("_")))
        failed = read_value(document, "last_failure_at")
        circuit.last_failure_at = None if failed is None else as_number(failed, "last_failure_at")
        circuit._probes = _read_probes(document)
        counters = read_mapping(document, "counters")
        circuit.counters = Counters(**{name: read_count(counters, name) for name in Counters.__dataclass_fields__})
        circuit._window.restore(read_list(document, "window"))
        return circuit

    def adopt(self, other: Circuit, shift: float) -> None:
        """Become what a circuit of elsewhere is: its times are moved by ``shift`` seconds, its trials are lost."""
        generation, last_probe = self.generation, self._last_probe
        vars(self).update(vars(other))
        self.generation = max(generation, other.generation) + 1
        self._last_probe = max(last_probe, other._last_probe)
        self._probes = {}
        self.move(shift)

    def move(self, shift: float) -> None:
        """Move all times by ``shift`` seconds."""
        self.changed_at += shift
        self._open_until += shift
        if self.last_failure_at is not None:
            self.last_failure_at += shift
        self._probes = {number: began + shift for number, began in self._probes.items()}
        self._window.move(shift)

    def reset(self, now: float) -> None:
        """Start anew, counters included; results of calls from before count as stale."""
        self.force(CLOSED, now)
        self.counters = Counters()
        self.consecutive_failures = 0
        self.last_failure_at = None

    def _is_over(self, now: float) -> bool:
        return now > self._open_until if self.options.after_open_for else now >= self._open_until

    def _admit_probe(self, now: float) -> Permit | None:
        self._give_up_lost(now)
        half_open = self.options.half_open
        done = 0 if half_open.counted == "in_flight" else self._succeeded + self._failed
        # Where all have reported and nothing is decided, it takes one more: nobody else would ever end this.
        if self._probes and len(self._probes) + done >= half_open.permits:
            self.counters.rejected += 1
            return None
        self._last_probe += 1
        self._probes[self._last_probe] = now
        return Permit(self.generation, self._last_probe)

    def _give_up_lost(self, now: float) -> None:
        timeout = self.options.probe_timeout
        self._probes = {number: began for number, began in self._probes.items() if now - began < timeout}

    def _report_probe(self, permit: Permit, outcome: Outcome, now: float) -> None:
        if permit.probe is None or self._probes.pop(permit.probe, None) is None:
            return  # it was given up for lost
        if outcome in ("success", "failure"):
            self._succeeded += outcome == "success"
            self._failed += outcome == "failure"
            self._decide(now)

    def _decide(self, now: float) -> None:
        """Close or open again, once the trial calls have said enough."""
        half_open = self.options.half_open
        if half_open.decide == "rate":
            done = self._succeeded + self._failed
            if done >= half_open.permits:
                self._settle(self._failed / done, now)
        elif self._failed:
            self._open(now)
        elif half_open.decide == "single" or self._succeeded >= half_open.successes:
            self._enter(CLOSED, now)

    def _settle(self, share: float, now: float) -> None:
        rate = getattr(self.options.trip, "rate", 1.0)
        bad = share > rate if self.options.above_rate else share >= rate
        if bad:
            self._open(now)
        else:
            self._enter(CLOSED, now)

    def _count(self, outcome: Outcome, now: float) -> None:
        if outcome == "failure":
            self.counters.failures += 1
            self.consecutive_failures += 1
            self.last_failure_at = now
        elif outcome == "success":
            self.counters.successes += 1
            self.consecutive_failures = 0

    def _trips(self, failed: bool, now: float, duration: float) -> bool:  # noqa: FBT001 - it is what is recorded
        slow = self.options.slow is not None and duration > self.options.slow.over
        return self._window.record(now, failed=failed, slow=slow)

    def _open(self, now: float) -> None:
        if self.state == HALF_OPEN:
            self._trials += 1
        grown = self.options.open_for * self.options.growth ** min(self._trials, _MOST_GROWTH)
        self._open_until = now + min(grown, max(self.options.open_at_most, self.options.open_for))
        self.counters.opened += 1
        self._enter(OPEN, now)

    def _enter(self, state: State, now: float) -> None:
        if state == CLOSED:
            self.counters.closed += self.state != CLOSED
            self._trials = 0
        self.state = state
        self.generation += 1
        self.changed_at = now
        self._window = make_window(self.options)
        self._probes.clear()
        self._succeeded = self._failed = 0


def read_state(document: Mapping[str, Any]) -> State:
    """Return the state that a circuit's document names; raises UsageError for anything else."""
    state = read_value(document, "state")
    if state not in get_args(State):
        raise UsageError(f"a breaker's state is damaged: state is none of {', '.join(get_args(State))}; export it anew")
    return state  # type: ignore[no-any-return] # one of them


def _read_probes(document: Mapping[str, Any]) -> dict[int, float]:
    probes = read_mapping(document, "probes")
    return {_read_probe_number(number): as_number(began, "probes") for number, began in probes.items()}


def _read_probe_number(text: Any) -> int:
    number = int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20 else None
    return as_count(number, "probes")
