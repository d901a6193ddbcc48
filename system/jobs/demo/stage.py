"""Where made-up runs happen: what they do is decided by errclass as it is, and written into the store as it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ....core.happenings import Action, Attempt, Message
from ....core.types import Failure, Label, Outcome
from ....outcomes import (
    Event,
    Store,
    action_event,
    attempt_events,
    label_event,
    message_event,
    outcome_events,
    resolution_event,
)
from ...pipeline import answer_failure, to_outcome
from ...wiring import Parts
from .calls import VERSIONS, Call, name_context
from .ledger import Ledger
from .texts import write_log
from .world import Cause, World

_MOST_WAITING = 400
"""Events that are written at once."""


class Clock:
    """Tell the time of the made-up history."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return its time."""
        return self.moment


@dataclass(slots=True)
class Stage:
    """Hold the store and who decides; nothing is written that is not over before ``until``."""

    world: World
    parts: Parts
    store: Store
    seed: int
    until: datetime
    regression: datetime
    """Since when the version with the regression runs."""
    ledger: Ledger = field(default_factory=Ledger)
    _waiting: list[Event] = field(default_factory=list)
    _open: dict[str, list[str]] = field(default_factory=dict)
    """Run -> its failures whose end is not reported."""

    def cause_of(self, call: Call) -> Cause | None:
        """Return what the call fails with."""
        return self.world.causes[call.broken.cause] if call.broken else None

    def succeed(self, call: Call, failed: Outcome | None) -> None:
        """Write a call that worked, and what was mended by it."""
        self._write_call(call, failed)
        for run in call.run.mends:
            for failure in self._open.pop(run, ()):
                end = resolution_event(failure, not call.run.drops, call.ended, f"{failure}:resolution", "fix")
                self._write([end])
        self._open.pop(call.run.id, None)

    def fail(self, call: Call, cause: Cause, failed: Outcome | None) -> Outcome:
        """Decide on a call that failed, write both, and return the failure as the store keeps it."""
        self.flush()  # the decision knows all that happened before
        outcome = self._decide(call, cause)
        self._write(outcome_events(outcome))
        self._write_call(call, failed)
        self._open.setdefault(call.run.id, []).append(outcome.id)
        self._count_failure(call, outcome)
        return outcome

    def label(self, outcome: Outcome, kind: str, moment: datetime, author: str) -> None:
        """Write what a person said of a failure."""
        if moment < self.until:
            label = Label(kind, "human", time=moment, author=author)
            self._write([label_event(outcome.id, label, f"{outcome.id}:label")])
            self.ledger.counts["labelled"] += 1

    def act(self, action: Action) -> None:
        """Write something that was done."""
        if action.ended < self.until:
            self._write([action_event(action)])
            self.ledger.counts["actions"] += 1

    def tell(self, message: Message) -> None:
        """Write a message."""
        if message.time < self.until:
            self._write([message_event(message)])
            self.ledger.counts["messages"] += 1

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            self.store.add_events(self._waiting)
            self._waiting = []

    def _decide(self, call: Call, cause: Cause) -> Outcome:
        text = write_log(
            cause,
            call.run.pipeline,
            call.ended,
            breakage=f"{self.seed} words {call.broken.id if call.broken else ''}",
            call=f"{self.seed} log {call.id}",
        )
        failure = Failure(text, None, cause.exit_code, name_context(call, self._version(call)), call.ended)
        outcome = to_outcome(answer_failure(failure, self.parts), self.parts.engine)
        decision = outcome.decision and replace(outcome.decision, decision_id=f"{call.id}-decision")
        return replace(outcome, id=call.id, decision=decision)

    def _version(self, call: Call) -> str:
        return VERSIONS[call.started >= self.regression]

    def _write_call(self, call: Call, failed: Outcome | None) -> None:
        passed = call.broken is None
        attempt = Attempt(
            call.id,
            passed,
            name_context(call, self._version(call)),
            failure_id=call.before,
            unchanged=call.recovery is None,
            recovery=call.recovery,
            started=call.started,
            ended=call.ended,
            passed_tests=failed.failing_tests if passed and failed else (),
        )
        self._write(attempt_events(attempt))
        self._count_call(call, failed)

    def _write(self, events: Iterable[Event]) -> None:
        self._waiting += events
        if len(self._waiting) >= _MOST_WAITING:
            self.flush()

    def _count_call(self, call: Call, failed: Outcome | None) -> None:
        self.ledger.counts["calls"] += 1
        if failed is not None:
            cause = failed.context.metadata["cause"]
            self.ledger.tries[cause, call.recovery] += 1
            self.ledger.passes[cause, call.recovery] += call.broken is None

    def _count_failure(self, call: Call, outcome: Outcome) -> None:
        counts, broken = self.ledger.counts, call.broken
        counts["failures"] += 1
        counts["cancelled"] += call.run.cancelled
        if broken is None:
            return
        if broken.spell:
            self.ledger.spells[broken.spell] += 1
        if outcome.fingerprint:
            self.ledger.fingerprints[broken.cause][outcome.fingerprint] += 1


def later(moment: datetime, seconds: float) -> datetime:
    """Return a moment so many seconds later, to the millisecond."""
    return moment + timedelta(seconds=round(seconds, 3))
