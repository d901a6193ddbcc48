"""A made-up history with planted truths for analytics: what is in it stands in the constants below."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from support.happenings import decide

from errclass.core.happenings import Attempt
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store

START = datetime(2026, 3, 2, tzinfo=UTC)
NOW = START + timedelta(days=70)
WINDOW = timedelta(days=7)
SINCE = NOW - WINDOW
PEAK_HOURS = (14, 15)
SPIKE = (SINCE + timedelta(days=3, hours=3), SINCE + timedelta(days=3, hours=5))
SPIKE_SIZE = 30
NEW, BACK, QUIET = ("aaaaaaaaaaaaaaa1", "bbbbbbbbbbbbbbb2", "ccccccccccccccc3")
NEW_SIZE = 6
BACK_DAYS = (1, 20)
"""The first and last day of its first life; it comes back on the second day of the window."""
CALLS = {"production": (100, 4), "staging": (100, 30)}
"""Environment -> calls in the window, and how many of them fail; the failures below are imported, and no calls."""
RECIPES = {"clean": (20, 0), "install": (20, 18)}
"""Recipe -> calls after it, and how many of these succeed."""
RERUNS = {"network": (20, 19), "configuration": (20, 0)}
"""Type -> unchanged re-runs, and how many succeed."""


@dataclass(frozen=True)
class Planted:
    """One failure."""

    id: str
    time: datetime
    type: str
    severity: str
    cause: str
    environment: str
    operation: str
    run: str | None = None


def list_planted(seed: int = 5) -> list[Planted]:
    """Return all failures, in order of time."""
    chance = random.Random(seed)
    found = [*_draw_base(chance), *_plant(chance), *_plant_runs()]
    return sorted(found, key=lambda one: (one.time, one.id))


def write_planted(store: Store, seed: int = 5) -> Store:
    """Write the history, and return the store."""
    planted = list_planted(seed)
    store.record_many(_outcome(one) for one in planted)
    for environment, (calls, failures) in CALLS.items():
        for number in range(calls):
            context = Context(environment=environment, operation="deploy")
            ended = SINCE + WINDOW * number / calls
            store.record_attempt(Attempt(f"{environment}-{number}", number >= failures, context, ended=ended))
    by_type = {kind: [one for one in planted if one.type == kind and one.time >= SINCE] for kind in RERUNS}
    for kind, (tries, successes) in RERUNS.items():
        for number, one in enumerate(by_type[kind][:tries]):
            _rerun(store, f"again-{one.id}", number < successes, one, None)
    for name, (tries, successes) in RECIPES.items():
        for number, one in enumerate(by_type["network"][20:][:tries]):
            _rerun(store, f"{name}-{one.id}", number < successes, one, name)
    store.merge()
    return store


def _draw_base(chance: random.Random) -> Iterator[Planted]:
    """Two failures in each of the peak hours of each day, and one in every third of the others, by chance."""
    for hour in range(70 * 24):
        time = START + timedelta(hours=hour)
        peak = time.hour in PEAK_HOURS
        for number in range(6):
            if chance.random() < (0.5 if peak else 0.06):
                yield _draw(chance, f"base-{hour:04}-{number}", time)


def _draw(chance: random.Random, name: str, hour: datetime) -> Planted:
    time = hour + timedelta(seconds=chance.randrange(3600))
    environment = chance.choice(("production", "staging"))
    # Dependency failures come from staging, four times out of five.
    kind = chance.choice(("network", "configuration", "dependency" if environment == "staging" else "test"))
    critical = chance.random() < (0.25 if time >= SINCE else 0.02)
    return Planted(
        name,
        time,
        kind,
        "critical" if critical else "medium",
        f"{chance.randrange(5):016x}",
        environment,
        "deploy",
    )


def _plant(chance: random.Random) -> Iterator[Planted]:
    for number in range(SPIKE_SIZE):
        yield _one(f"spike-{number}", SPIKE[0] + (SPIKE[1] - SPIKE[0]) * number / SPIKE_SIZE, "network")
    for number in range(NEW_SIZE):
        yield _one(f"new-{number}", SINCE + timedelta(hours=5 + 20 * number), "build", cause=NEW)
    for day in range(BACK_DAYS[0], BACK_DAYS[1] + 1):
        yield _one(f"back-{day}", START + timedelta(days=day, hours=11), "timeout", cause=BACK)
    yield _one("back-again", SINCE + timedelta(days=1, hours=11), "timeout", cause=BACK)
    for day in range(30, 63):
        yield _one(f"quiet-{day}", START + timedelta(days=day, hours=chance.randrange(24)), "disk", cause=QUIET)


def _plant_runs() -> Iterator[Planted]:
    """Two types that always fail in the same run, and runs in which another fails alone."""
    for number in range(12):
        time = SINCE + timedelta(hours=13 * number, minutes=5)
        for kind in ("auth", "quota"):
            yield _one(f"run-{number}-{kind}", time, kind, run=f"run-{number}")
    for number in range(10):
        yield _one(f"alone-{number}", SINCE + timedelta(hours=15 * number), "network", run=f"alone-{number}")


def _one(name: str, time: datetime, kind: str, cause: str = "0" * 16, run: str | None = None) -> Planted:
    return Planted(name, time, kind, "medium", cause, "production", "nightly", run)


def _outcome(one: Planted) -> Outcome:
    context = Context(
        environment=one.environment,
        operation=one.operation,
        operation_id=one.run,
        component="api",
        repository="shop",
        source="import",
    )
    return Outcome(
        one.id,
        f"{one.cause}\nerror of {one.type}",
        time=one.time,
        fingerprint=one.cause,
        context=context,
        decision=decide(one.type, severity=one.severity),
    )


def _rerun(store: Store, name: str, success: bool, one: Planted, recipe: str | None) -> None:
    store.record_attempt(
        Attempt(
            name,
            success,
            Context(operation=one.operation),
            failure_id=one.id,
            unchanged=recipe is None,
            recovery=recipe,
            ended=one.time + timedelta(minutes=5),
        )
    )
