"""Record what other programs report of their operations: failures as outcomes, calls as attempts."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ...core.clock import utc_now
from ...core.failure import MAX_TEXT_CHARS, mask_failure
from ...core.happenings import Attempt
from ...core.ids import new_id
from ...core.types import Context, Decision, Failure, Outcome
from ...outcomes import (
    CallBefore,
    Event,
    Store,
    attempt_events,
    call_before,
    derive_id,
    outcome_events,
    resolution_event,
)
from ..pipeline import answer_failure, to_outcome

if TYPE_CHECKING:
    from ..wiring import Parts

_log = logging.getLogger("errclass")
REMEMBERED = 10_000
"""Failures of this process whose tests are known without asking the store."""


@dataclass(frozen=True, slots=True)
class CallReport:
    """Hold what a program says of one call of an operation."""

    text: str = ""
    """What failed; empty for a call that succeeded."""
    success: bool | None = None
    exit_code: int | None = None
    context: Context = field(default_factory=Context)
    time: datetime = field(default_factory=utc_now)
    id: str = field(default_factory=new_id)


class Recorder:
    """Turn reports into the store's events.

    ``parts`` makes each failure be decided as well, so that one sees what errclass would have done; nothing is carried
    out. ``tell`` hears of each decision.
    """

    def __init__(
        self, store: Store, parts: Parts | None = None, *, tell: Callable[[Decision], object] | None = None
    ) -> None:
        self._store = store
        self._parts = parts
        self._tell = tell
        self._failing: OrderedDict[CallBefore, tuple[str, ...]] = OrderedDict()

    def events(self, report: CallReport) -> list[Event]:
        """Return the events of one report; raise StoreError for what the store cannot hold."""
        return list(self._failure_events(report) if report.text else self._call_events(report, report.id))

    def _failure_events(self, report: CallReport) -> Iterator[Event]:
        outcome = self._read(report)
        self._remember(outcome)
        yield from outcome_events(outcome)
        if report.success:  # in the end: what made it succeed is not known
            yield resolution_event(report.id, True, report.time, f"{report.id}:resolution")
        if report.context.attempt > 1 and report.context.operation_id:
            yield from self._call_events(report, derive_id("attempt", report.id))

    def _call_events(self, report: CallReport, attempt_id: str) -> Iterator[Event]:
        success = bool(report.success) and not report.text
        attempt = Attempt(
            attempt_id,
            success,
            context=report.context,
            ended=report.time,
            passed_tests=self._tests_before(report.context) if success else (),
        )
        yield from attempt_events(attempt)

    def _read(self, report: CallReport) -> Outcome:
        failure = Failure(report.text[-MAX_TEXT_CHARS:], None, report.exit_code, report.context, report.time)
        try:
            outcome = self._decide(failure, self._parts) if self._parts else describe_failure(failure)
        except Exception:  # noqa: BLE001 - a failure that we fail on must be recorded all the same
            _log.exception("errclass.inner_fault")
            masked = mask_failure(failure)
            outcome = Outcome("", masked.text, masked.time, context=masked.context, exit_code=masked.exit_code)
        return replace(outcome, id=report.id)

    def _decide(self, failure: Failure, parts: Parts) -> Outcome:
        answer = answer_failure(failure, parts)
        if self._tell is not None:
            self._tell(answer.decision)
        return to_outcome(answer, parts.engine)

    def _remember(self, outcome: Outcome) -> None:
        context = outcome.context
        if outcome.failing_tests and context.operation_id:
            call = CallBefore(context.operation_id, context.attempt, context.operation)
            self._failing[call] = outcome.failing_tests
            if len(self._failing) > REMEMBERED:
                self._failing.popitem(last=False)

    def _tests_before(self, context: Context) -> tuple[str, ...]:
        """Return the tests that failed in the call before of the same run."""
        before = call_before(context)
        if before is None:
            return ()
        before = replace(before, commit=None)
        if before in self._failing:
            return self._failing[before]
        failure = self._store.find_failure(before)
        return failure.failing_tests if failure else ()


def describe_failure(failure: Failure) -> Outcome:
    """Return what the store keeps of a failure that was not decided on; its id is empty."""
    from ...classify.signals import extract_signals

    masked = mask_failure(failure)
    signals = extract_signals(masked)
    return Outcome(
        id="",
        text=signals.region.text,
        time=masked.time,
        fingerprint=signals.fingerprint,
        context=masked.context,
        exit_code=masked.exit_code,
        tool=signals.tool,
        tags=signals.tags,
        failing_tests=signals.failing_tests,
    )
