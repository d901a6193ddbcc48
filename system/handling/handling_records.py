"""What the store keeps of one handled failure; that it cannot is a fault, and never an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from ...core.clock import utc_now
from ...core.errors import StoreError
from ...core.happenings import Action, Attempt
from ...core.ids import new_id
from ...core.types import Context, Failure, Outcome
from ...outcomes import Event, Store, attempt_events, derive_id, outcome_events
from .faults import Faults


class HandlingRecords:
    """Record each failed call with its decision, each call after it, and each action, once."""

    def __init__(self, store: Store | None, faults: Faults) -> None:
        """``store`` None: nothing is to be kept."""
        self._store, self._faults = store, faults
        self.failed: str | None = None
        """The last failed call, as stored."""
        self.recipe: str | None = None
        """The recipe that helped since the last call."""

    def record_failure(self, outcome: Outcome, started: float | None) -> None:
        """Keep a failed call and what was decided about it."""
        outcome = replace(outcome, id=outcome.id or new_id())
        attempt = self._to_attempt(
            derive_id("attempt", outcome.id), outcome.context, started, outcome.time, success=False
        )
        events: list[Event] = [*outcome_events(outcome), *attempt_events(attempt)]
        if self._keep(lambda store: store.add_events(events)):
            self.failed = outcome.id
        self.recipe = None

    def record_undecided(self, failure: Failure, started: float | None) -> None:
        """Keep a failed call that could not be decided on."""
        from ..jobs.recording import describe_failure

        self.record_failure(describe_failure(failure), started)

    def record_success(self, context: Context, started: float | None) -> None:
        """Keep a call that succeeded after the one before had failed."""
        attempt = self._to_attempt(new_id(), context, started, utc_now(), success=True)
        self._keep(lambda store: store.add_events(attempt_events(attempt)))

    def record_action(self, action: Action) -> None:
        """Keep what was done."""
        self._keep(lambda store: store.record_action(action))

    def _to_attempt(
        self, identifier: str, context: Context, started: float | None, ended: datetime, *, success: bool
    ) -> Attempt:
        return Attempt(
            identifier,
            success=success,
            context=context,
            failure_id=self.failed,
            unchanged=self.recipe is None,
            recovery=self.recipe,
            started=None if started is None else datetime.fromtimestamp(started, UTC),
            ended=ended,
        )

    def _keep(self, write: Callable[[Store], object]) -> bool:
        """Write, and tell whether it is kept."""
        if self._store is None:
            return False
        try:
            write(self._store)
        except (StoreError, OSError) as fault:
            self._faults.note("not recorded", fault)
            return False
        return True
