"""A made-up month of three operations, the same every time: what docs/sql-and-notebooks.md shows figures of."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from errclass.core.happenings import Action, Attempt, CaseResult
from errclass.core.types import Context, Decision, Label, Outcome
from errclass.outcomes import Store

START = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
DAYS = 28
# operation, environment, minutes between calls, every how many-th of them fails
_OPERATIONS = (("deploy api", "production", 360, 9), ("deploy web", "staging", 240, 7), ("test api", None, 180, 5))
# type, category, confidence, calls that a cause lasts for, whether a re-run helps
_CAUSES = (
    ("network", "transient", 0.96, 1, True),
    ("dependency", "persistent", 0.9, 3, False),
    ("test", "persistent", 0.72, 1, True),
    ("resource", "transient", 0.83, 2, True),
    ("configuration", "persistent", 0.64, 4, False),
)


def write_example(place: Path) -> Store:
    """Write the store and return it."""
    store = Store(place)
    for number, (operation, environment, minutes, every) in enumerate(_OPERATIONS):
        repository = "shop/" + operation.partition(" ")[2]
        context = Context(environment, operation, component=operation.partition(" ")[2], repository=repository)
        _work(store, context, number, timedelta(minutes=minutes), every)
    return store


def _work(store: Store, context: Context, number: int, pause: timedelta, every: int) -> None:
    """Call one operation for a month; a cause comes every so often, and goes after some calls or by a re-run."""
    calls, left, cause = timedelta(days=DAYS) // pause, 0, 0
    for call in range(1, calls + 1):
        ended = START + timedelta(minutes=7 * number) + call * pause
        if left == 0 and call % every == 0:
            cause = (call // every + number) % len(_CAUSES)
            left = _CAUSES[cause][3]
        name = f"{number}-{call}"
        if left == 0:
            _succeed(store, name, context, ended)
            continue
        _fail(store, name, context, ended, cause)
        left = 0 if _rerun(store, name, context, ended, cause, call) else left - 1


def _succeed(store: Store, name: str, context: Context, ended: datetime) -> None:
    store.record_attempt(Attempt(name, True, context, started=ended - timedelta(minutes=4), ended=ended))


def _fail(store: Store, name: str, context: Context, ended: datetime, cause: int) -> None:
    kind, category, confidence, _, retryable = _CAUSES[cause]
    decision = Decision(
        category=category,
        type=kind,
        severity="high" if context.environment == "production" else "medium",
        retryable=retryable,
        confidence=confidence,
        suggested_action="look",
        model_version="example-1",
        rules_revision="r1",
        strategy="retry" if retryable else "escalate",
    )
    label = Label("build" if kind == "configuration" else kind, "human", time=ended, author="ann")
    outcome = Outcome(
        name,
        f"{context.operation}: {kind}",
        time=ended,
        fingerprint=_fingerprint(kind, context, ended),
        context=context,
        decision=decision,
        labels=(label,) if name.endswith(("0", "5")) else (),
    )
    store.record(outcome)
    store.record_attempt(Attempt(name, False, context, started=ended - timedelta(minutes=3), ended=ended))
    if kind == "test":
        passed = ((False, f"{name}:1"), (True, f"{name}:2"))
        store.record_cases(
            CaseResult(case, f"test_{context.component}.py::test_login", well, name, context.repository, time=ended)
            for well, case in passed
        )


def _fingerprint(kind: str, context: Context, ended: datetime) -> str:
    """A missing dependency is another one every week; the other causes stay the same."""
    week = ended.isocalendar().week if kind == "dependency" else 0
    return hashlib.sha256(f"{kind} {context.operation} {week}".encode()).hexdigest()[:16]


def _rerun(store: Store, name: str, context: Context, ended: datetime, cause: int, call: int) -> bool:
    """Re-run what a re-run may help, else ask somebody; tell whether it helped."""
    fields: dict[str, Any] = {"failure_id": name, "started": ended + timedelta(minutes=1)}
    if not _CAUSES[cause][4]:
        store.record_action(
            Action(f"{name}:asked", "escalate", "manual", "success", name, ended=ended + timedelta(minutes=1))
        )
        return False
    helped = call % 3 > 0
    again = ended + timedelta(minutes=6)
    store.record_attempt(Attempt(f"{name}:again", helped, context, ended=again, **fields))
    return helped
