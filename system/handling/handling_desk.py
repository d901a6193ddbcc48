"""Where failures come in, and what is common to all of them: orders, joining, counting, stopping."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...actions.callables import makes_coroutine
from ...core.errors import UsageError
from ...core.failure import to_failure
from ...core.ids import new_id
from ...core.types import Context, Failure
from ..contexts import extend_context, make_context
from ..jobs.ci_context import read_ci_context
from ..spans import Span, to_seconds
from .component_statistics import read_components
from .deadline import Deadline
from .faults import Faults
from .given_context import GivenContext, read_context
from .handling import Handling
from .handling_order import HandlingOrder, ToldError
from .handling_parts import HandlingParts
from .handling_result import HandlingResult
from .handling_statistics import HandlingCounter
from .joined_handlings import JoinedHandlings

if TYPE_CHECKING:
    from ...actions.codegen import Connection
    from ...actions.retry import Naps
    from ..reporting import GeneratedReport
    from ..settings import Settings
    from .health_status import HealthStatus

_log = logging.getLogger("errclass")
_STOPPED = "this ErrorHandlingSystem was stopped, so nothing was decided or done; make a new one"
_CANCELLED = "it was cancelled, so nothing was decided or done"
_BUSY = "another call is still handling this operation"

Error = BaseException | str | bytes | Failure


class HandlingDesk:
    """Take failures in, and answer for all of them."""

    def __init__(self, config: Settings | Mapping[str, Any] | None, *, hands_off: bool, naps: Naps | None) -> None:
        self._hands_off = hands_off
        self._parts = HandlingParts(config, naps)
        self._joined, self._counter = JoinedHandlings(), HandlingCounter()
        self._lock = threading.Lock()
        self._stopped = False

    def handle(self, error: Error, context: Any, operation: Any, **options: Any) -> HandlingResult:
        """Handle a failure in this thread."""
        faults, deadline = Faults(), Deadline()
        early = self._answer_at_once(error, context)
        if early is not None:
            return early
        try:
            key, seconds = self._read_key(context, options, deadline)

            def work() -> HandlingResult:
                if operation is not None and makes_coroutine(operation):
                    raise UsageError("operation: it is a coroutine function; await ahandle_error with it")
                return self._finish(self._open(error, context, operation, deadline, faults, options).run())

            return self._joined.run(key, work, seconds)
        except Exception as fault:  # noqa: BLE001 - the rim: what goes wrong in here must not replace the user's own error
            return self._answer_fault(fault, faults, deadline, error)

    async def ahandle(self, error: Error, context: Any, operation: Any, **options: Any) -> HandlingResult:
        """Handle a failure, likewise; only waits and calls of the operation are in the caller's task."""
        faults, deadline = Faults(), Deadline()
        early = self._answer_at_once(error, context)
        if early is not None:
            return early
        try:
            key, seconds = self._read_key(context, options, deadline)

            async def work() -> HandlingResult:
                handling = await asyncio.to_thread(self._open, error, context, operation, deadline, faults, options)
                return self._finish(await handling.arun())

            return await self._joined.arun(key, work, seconds)
        except Exception as fault:  # noqa: BLE001 - likewise
            return self._answer_fault(fault, faults, deadline, error)

    def begin(self) -> None:
        """Take up what a killed process left; where that fails it is logged, and left for the next start."""
        if self._hands_off:
            return
        try:
            self._parts.get_acting().begin()
        except Exception as fault:  # noqa: BLE001 - the rim: the program goes on without it
            Faults().note("what was left could not be taken up", fault)

    def get_statistics(self) -> dict[str, Any]:
        """Return counts by component."""
        own = {**self._counter.read().to_dict(), "joined": self._joined.joined}
        return {"system": own, **read_components(self._parts)}

    def get_health_status(self, *, send: bool) -> HealthStatus:
        """Look at every component."""
        from .health_status import look_at_all

        return look_at_all(self._parts, send=send)

    def generate_report(self, *order: str, **options: Any) -> GeneratedReport:
        """Make a report over the store."""
        from ..reporting import ErrorReporting

        settings = self._parts.get_settings()
        if not settings.enable.reporting:
            raise UsageError("reports are switched off; set enable.reporting to true")
        return ErrorReporting(self._parts.get_store(), folder=settings.home / "reports").generate_report(
            *order, **options
        )

    def test_codegen_connection(self) -> Connection:
        """Ask the agent's API whether the key counts there."""
        from ...actions.codegen import Connection

        try:
            agent = self._parts.get_acting().codegen
            if agent is not None:
                return agent.test_codegen_connection()
        except Exception as fault:  # noqa: BLE001 - the rim, as above
            Faults().note("the agent could not be asked", fault)
            return Connection("unreachable", f"errclass could not ask: {fault}")
        return Connection("unauthorized", "no agent is set up", "set CODEGEN_API_KEY and CODEGEN_ORG_ID")

    def reset(self) -> None:
        """Start anew: breakers, budgets, counts."""
        self._counter.reset()
        try:
            self._parts.get_retries().reset()
        except Exception as fault:  # noqa: BLE001 - the rim, as above
            Faults().note("breakers and budgets could not be reset", fault)

    def stop(self, seconds: float) -> None:
        """End, once."""
        with self._lock:
            stopped, self._stopped = self._stopped, True
        if stopped:
            return
        try:
            self._parts.close(seconds)
        except Exception as fault:  # noqa: BLE001 - the rim, as above
            Faults().note("not everything could be ended", fault)

    def _answer_at_once(self, error: Error, context: Any) -> HandlingResult | None:
        """Return the result of what is not to be handled at all; None where it is."""
        if _is_cancellation(error):
            return HandlingResult(False, "ignore", _CANCELLED, "", error=_as_error(error))
        if self._stopped:
            return HandlingResult(False, "notify", _STOPPED, "", faults=(_STOPPED,), error=_as_error(error))
        return None

    def _open(
        self,
        error: Error,
        context: Any,
        operation: Callable[[], Any] | None,
        deadline: Deadline,
        faults: Faults,
        options: Mapping[str, Any],
    ) -> Handling:
        given = read_context(context)
        place = self._make_context(error, given)
        failure = to_failure(error, logs=options["logs"] or given.logs, context=place)
        work = Path(options["work"]) if options["work"] is not None else given.work
        order = HandlingOrder(
            error=error if isinstance(error, Exception) else ToldError(failure.text[-200:]),
            failure=failure,
            context=place,
            deadline=deadline,
            operation=operation,
            work=None if self._hands_off else work,
            hands_off=self._hands_off,
        )
        return Handling(order, self._parts, faults)

    def _make_context(self, error: Error, given: GivenContext) -> Context:
        known = make_context(self._parts.get_settings())
        if not self._hands_off:  # else it is not this machine on which it failed
            known = replace(known, **read_ci_context(os.environ))
        if isinstance(error, Failure):
            known = extend_context(known, read_context(error.context).fields)
        place = extend_context(known, given.fields)
        return place if place.operation_id else replace(place, operation_id=new_id())

    def _read_key(
        self, context: Any, options: Mapping[str, Any], deadline: Deadline
    ) -> tuple[str | None, float | None]:
        """Return by what a run is known to others, and seconds to wait for them."""
        seconds: Span | None = options["timeout"]
        deadline.limit = to_seconds("timeout", seconds)
        named = read_context(context).fields.get("operation_id")
        return (str(named) if named else None), deadline.limit

    def _finish(self, result: HandlingResult) -> HandlingResult:
        self._counter.add(result)
        decision = result.decision
        _log.info(
            "errclass.handled: %s",
            result.message,
            extra={
                "event": "errclass.handled",
                "operation": decision.context.operation if decision else None,
                "operation_id": result.operation_id,
                "failure_type": decision.type if decision else None,
                "strategy": result.strategy,
                "success": result.success,
                "attempts": result.attempts,
                "seconds": round(result.total_time, 3),
                "outcome_id": result.outcome_id,
                "decision_id": decision.decision_id if decision else None,
                "is_handling_error": result.is_handling_error,
            },
        )
        return result

    def _answer_fault(self, fault: Exception, faults: Faults, deadline: Deadline, error: Error) -> HandlingResult:
        where = _BUSY if isinstance(fault, TimeoutError) else "errclass could not handle it"
        faults.note(where, fault)
        message = f"{where}, so nothing automatic was done: {faults.said[-1]}"
        return self._finish(
            HandlingResult(
                False,
                "notify",
                message,
                "",
                total_time=deadline.elapsed,
                faults=faults.said,
                error=_as_error(error),
            )
        )


def _is_cancellation(error: Any) -> bool:
    """Tell whether somebody wanted it to end: Ctrl-C, an exit, a cancelled task or future."""
    if not isinstance(error, BaseException):
        return False
    futures = sys.modules.get("concurrent.futures")
    return not isinstance(error, Exception) or (futures is not None and isinstance(error, futures.CancelledError))


def _as_error(error: Any) -> BaseException | None:
    return error if isinstance(error, BaseException) else None
