"""What the store is told of a call: events that are ready to be written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ...core.errors import UsageError
from ...core.failure import mask_failure, to_failure
from ...core.happenings import Attempt
from ...core.ids import new_id
from ...core.types import Failure, Outcome
from ...outcomes import Event, attempt_events, derive_id, outcome_events, resolution_event
from ..pipeline import answer_failure, to_outcome

if TYPE_CHECKING:
    from ..wiring import Parts
    from .open_operations import OpenOperation

_log = logging.getLogger("errclass")

Error = BaseException | str | bytes | Failure
FindParts = Callable[[], "Parts"]


def check_error(error: object) -> None:
    """Raise UsageError for what is no error."""
    if not isinstance(error, BaseException | str | bytes | Failure):
        raise UsageError(f"error: give an exception, a text or an errclass.Failure, not {type(error).__name__}")


def is_cancellation(error: object) -> bool:
    """Tell whether an error says that somebody stopped the operation, and not that it does not work."""
    return isinstance(error, BaseException) and not isinstance(error, Exception | SystemExit)


def success_events(operation: OpenOperation, now: datetime) -> Iterator[Event]:
    """Yield the events of a call that succeeded."""
    yield from attempt_events(_attempt(new_id(), operation, now, success=True))


def unexplained_events(operation: OpenOperation, now: datetime) -> Iterator[Event]:
    """Yield the events of a failed call of which it is not known why."""
    yield from attempt_events(_attempt(new_id(), operation, now, success=False))


def cancellation_events(operation: OpenOperation, error: Error, now: datetime) -> Iterator[Event]:
    """Yield the events of a call that was stopped: it tells nothing of whether the operation works."""
    context = replace(operation.context, cancelled=True)
    yield from outcome_events(_describe(replace(to_failure(error, context=context), time=now), new_id()))


def failure_events(
    operation: OpenOperation, error: Error, now: datetime, find_parts: FindParts, *, name: str, final: bool
) -> Iterator[Event]:
    """Yield the events of a failed call, ``name`` being the failure's id; ``final``: it is not called again."""
    failure = replace(to_failure(error, context=operation.context), time=now)
    yield from outcome_events(_decide(failure, find_parts, name))
    yield from attempt_events(_attempt(derive_id("attempt", name), operation, now, success=False))
    if final:
        yield from end_events(replace(operation, failure_id=name), now)


def end_events(operation: OpenOperation, now: datetime) -> Iterator[Event]:
    """Yield the events of an operation that is given up after its last failure."""
    if operation.failure_id is not None:
        yield resolution_event(operation.failure_id, False, now, f"{operation.failure_id}:resolution")


def _attempt(name: str, operation: OpenOperation, now: datetime, *, success: bool) -> Attempt:
    started = operation.started
    return Attempt(
        name,
        success,
        context=operation.context,
        failure_id=operation.failure_id,
        unchanged=operation.unchanged,
        started=started,
        ended=now if started is None else max(now, started),  # clocks are set back
    )


def _decide(failure: Failure, find_parts: FindParts, name: str) -> Outcome:
    try:
        parts = find_parts()
        return replace(to_outcome(answer_failure(failure, parts), parts.engine), id=name)
    except Exception:  # noqa: BLE001 - the rim: a failure that we fail on must be recorded all the same
        _log.exception("errclass.inner_fault")
        return _describe(failure, name)


def _describe(failure: Failure, name: str) -> Outcome:
    """Return what the store keeps of a failure that was not decided on."""
    from ..jobs.recording import describe_failure

    try:
        return replace(describe_failure(failure), id=name)
    except Exception:  # noqa: BLE001 - likewise
        _log.exception("errclass.inner_fault")
        masked = mask_failure(failure)
        return Outcome(name, masked.text, masked.time, context=masked.context, exit_code=masked.exit_code)
