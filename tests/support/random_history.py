"""A made-up history whose truth is known: drawn by chance, kept as plain rows, and written into a store."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from support.happenings import decide

from errclass.core.happenings import Action, Attempt
from errclass.core.types import Context, Label, Outcome
from errclass.outcomes import Store

START = datetime(2026, 4, 6, tzinfo=UTC)
DAYS = 40
END = START + timedelta(days=DAYS)
TYPES = ("network", "dependency", "test", "build")
SEVERITIES = ("low", "medium", "high", "critical")
_PLACES = (
    ("production", "deploy", "api", "shop/api"),
    ("staging", "deploy", "api", "shop/api"),
    ("staging", "test", "web", "shop/web"),
    (None, "build", None, "shop/web"),
)


@dataclass
class Call:
    """One call of an operation that is recorded as such."""

    time: datetime
    success: bool
    place: tuple[str | None, ...]
    follows: Fault | None = None
    recovery: str | None = None


@dataclass
class Fault:
    """One failure, with all that is true of it."""

    id: str
    time: datetime
    place: tuple[str | None, ...]
    decided: str | None
    label: str | None
    severity: str | None
    cause: str
    cancelled: bool
    given_up: bool
    reruns: list[Call] = field(default_factory=list)
    actions: list[tuple[str, str, str, datetime]] = field(default_factory=list)

    @property
    def type(self) -> str | None:
        return self.label or self.decided

    @property
    def escalated(self) -> bool:
        return any(kind == "escalate" and result in {"success", "partial"} for kind, _, result, _ in self.actions)

    @property
    def seconds(self) -> float | None:
        """How long it took until a re-run succeeded."""
        ends = [call.time for call in self.reruns if call.success]
        return (min(ends) - self.time).total_seconds() if ends else None


@dataclass
class Truth:
    """All failures and all further calls."""

    faults: list[Fault]
    calls: list[Call]


def draw_history(seed: int, faults: int = 300) -> Truth:
    """Draw a history."""
    chance = random.Random(seed)
    truth = Truth([_draw_fault(chance, number) for number in range(faults)], [])
    truth.calls = [Call(_draw_time(chance), True, chance.choice(_PLACES)) for _ in range(faults)]
    return truth


def write_history(truth: Truth, store: Store) -> Store:
    """Write it, and return the store."""
    store.record_many(_outcome(fault) for fault in truth.faults)
    for fault in truth.faults:
        for number, (kind, name, result, time) in enumerate(fault.actions):
            store.record_action(Action(f"{fault.id}:{number}", kind, name, result, fault.id, ended=time))  # type: ignore[arg-type]
        for number, call in enumerate(fault.reruns):
            store.record_attempt(_attempt(f"{fault.id}:again{number}", call))
    for number, call in enumerate(truth.calls):
        store.record_attempt(_attempt(f"call{number}", call))
    return store


def _draw_time(chance: random.Random) -> datetime:
    return START + timedelta(seconds=chance.randrange(DAYS * 86_400))


def _draw_fault(chance: random.Random, number: int) -> Fault:
    decided = chance.choice((*TYPES, None)) if chance.random() < 0.3 else chance.choice(TYPES)
    fault = Fault(
        id=f"f{number:04}",
        time=_draw_time(chance),
        place=chance.choice(_PLACES),
        decided=decided,
        label=chance.choice(TYPES) if chance.random() < 0.15 else None,
        severity=chance.choice(SEVERITIES) if decided else None,
        cause=f"{chance.randrange(12):016x}",
        cancelled=chance.random() < 0.05,
        given_up=False,
    )
    _draw_doings(chance, fault)
    return fault


def _draw_doings(chance: random.Random, fault: Fault) -> None:
    time = fault.time
    for kind, name in (("recover", "clean"), ("recover", "install"), ("escalate", "manual"), ("reset", "soft")):
        if chance.random() < 0.25:
            time += timedelta(seconds=chance.randrange(1, 600))
            fault.actions.append((kind, name, chance.choice(("success", "partial", "failed", "skipped")), time))
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        time += timedelta(seconds=chance.randrange(1, 7200))
        recovery = chance.choice(("clean", "install", None, None))
        fault.reruns.append(Call(time, chance.random() < 0.6, fault.place, fault, recovery))
        if fault.reruns[-1].success:
            break
    fault.given_up = not fault.reruns and chance.random() < 0.3


def _context(place: tuple[str | None, ...]) -> Context:
    environment, operation, component, repository = place
    return Context(environment=environment, operation=operation, component=component, repository=repository)


def _outcome(fault: Fault) -> Outcome:
    return Outcome(
        fault.id,
        f"{fault.cause}\nerror of {fault.place[1]}",
        time=fault.time,
        fingerprint=fault.cause,
        context=replace(_context(fault.place), cancelled=fault.cancelled),
        decision=decide(fault.decided, severity=fault.severity) if fault.decided else None,
        labels=(Label(fault.label, "human", time=fault.time),) if fault.label else (),
        success=False if fault.given_up else None,
    )


def _attempt(name: str, call: Call) -> Attempt:
    return Attempt(
        name,
        call.success,
        _context(call.place),
        failure_id=call.follows.id if call.follows else None,
        unchanged=call.recovery is None,
        recovery=call.recovery,
        ended=call.time,
    )
