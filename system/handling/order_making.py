"""Make an order of what a caller gives."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...actions.callables import makes_coroutine
from ...core.errors import UsageError
from ...core.failure import to_failure
from ...core.ids import new_id
from ...core.types import Context, Failure
from ..contexts import extend_context, make_context
from ..jobs.ci_context import read_ci_context
from ..settings import Settings
from ..spans import Span, to_seconds
from .deadline import Deadline
from .given_context import GivenContext, read_context
from .handling_order import HandlingOrder, ToldError

Error = BaseException | str | bytes | Failure
_SHOWN = 200
"""Characters of a text that stands for an error."""


@dataclass(frozen=True, slots=True)
class Request:
    """Hold what a caller gave, read as far as that needs no settings; raises UsageError for what makes no sense."""

    error: Error
    given: GivenContext
    operation: Callable[[], Any] | None
    logs: str | bytes
    work: Path | None
    deadline: Deadline

    @property
    def key(self) -> str | None:
        """By what others may know the same run; None where nobody else can."""
        named = self.given.fields.get("operation_id")
        return str(named) if named else None


def read_request(
    error: Error,
    context: Any,
    operation: Callable[[], Any] | None,
    *,
    logs: str | bytes,
    work: str | Path | None,
    timeout: Span | None,
    deadline: Deadline,
    awaits: bool,
) -> Request:
    """Read it; ``awaits``: whether what the operation returns will be awaited."""
    if operation is not None and not callable(operation):
        raise UsageError(f"operation: give a function that calls it again, not {operation!r}")
    if operation is not None and not awaits and makes_coroutine(operation):
        raise UsageError("operation: it is a coroutine function; await ahandle_error with it")
    deadline.limit = to_seconds("timeout", timeout)
    given = read_context(context)
    return Request(error, given, operation, logs or given.logs, given.work if work is None else Path(work), deadline)


def make_order(request: Request, settings: Settings, *, hands_off: bool) -> HandlingOrder:
    """Return the order of a request, by the settings."""
    place = _make_context(request, settings, hands_off=hands_off)
    failure = to_failure(request.error, logs=request.logs, context=place)
    error = request.error if isinstance(request.error, Exception) else ToldError(failure.text[-_SHOWN:])
    return HandlingOrder(
        error=error,
        failure=failure,
        context=place,
        deadline=request.deadline,
        operation=request.operation,
        work=None if hands_off else request.work,
        hands_off=hands_off,
    )


def _make_context(request: Request, settings: Settings, *, hands_off: bool) -> Context:
    known = make_context(settings)
    if not hands_off:  # else it is not here that it failed
        known = extend_context(known, read_ci_context(os.environ))
    if isinstance(request.error, Failure):
        known = extend_context(known, read_context(request.error.context).fields)
    place = extend_context(known, request.given.fields)
    return place if place.operation_id else replace(place, operation_id=new_id())
