"""Where failures come in, and what is common to all of them: joining, counting, stopping."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ..pipeline import describe_decision
from ..tracing import Attributes, open_span
from .component_statistics import read_components
from .deadline import Deadline
from .faults import Faults
from .handled_errors import mark_handled
from .handled_event import log_handled
from .handling import Handling
from .handling_parts import HandlingParts
from .handling_result import HandlingResult
from .handling_statistics import HandlingCounter
from .in_flight import InFlight
from .joined_handlings import JoinedHandlings
from .order_making import Error, Request, make_order, read_request

if TYPE_CHECKING:
    from ...actions.codegen import Connection
    from ...actions.retry import Naps
    from ..reporting import GeneratedReport
    from ..settings import Settings
    from .health_status import HealthStatus

_STOPPED = "this ErrorHandlingSystem was stopped, so nothing was decided or done; make a new one"
_CANCELLED = "it was cancelled, so nothing was decided or done"
_BUSY = "another call is still handling this operation"


class HandlingDesk:
    """Take failures in, and answer for all of them."""

    def __init__(self, config: Settings | Mapping[str, Any] | None, *, hands_off: bool, naps: Naps | None) -> None:
        self._hands_off = hands_off
        self.parts = HandlingParts(config, naps)
        self._joined, self._counter, self._in_flight = JoinedHandlings(), HandlingCounter(), InFlight()

    def handle(self, error: Error, *given: Any, **options: Any) -> HandlingResult:
        """Handle a failure in this thread."""
        if _is_cancellation(error):
            return _answer_cancellation(error)
        faults, deadline = Faults(), Deadline()
        with self._in_flight.entered() as is_in:
            if not is_in:
                return _answer_stopped(error)
            try:
                request = read_request(error, *given, **options, deadline=deadline, awaits=False)
                return self._joined.run(request.key, lambda: self._work(request, faults), deadline.left)
            except Exception as fault:  # noqa: BLE001 - the rim: what goes wrong in here must not replace the user's error
                return self._answer_fault(fault, faults, deadline, error)

    async def ahandle(self, error: Error, *given: Any, **options: Any) -> HandlingResult:
        """Handle a failure, likewise; only waits and calls of the operation are in the caller's task."""
        if _is_cancellation(error):
            return _answer_cancellation(error)
        faults, deadline = Faults(), Deadline()
        with self._in_flight.entered() as is_in:
            if not is_in:
                return _answer_stopped(error)
            try:
                request = read_request(error, *given, **options, deadline=deadline, awaits=True)
                return await self._joined.arun(request.key, lambda: self._awork(request, faults), deadline.left)
            except Exception as fault:  # noqa: BLE001 - likewise
                return self._answer_fault(fault, faults, deadline, error)

    def begin(self) -> None:
        """Take up what a killed process left; where that fails it is logged, and left for the next start."""
        if self._hands_off:
            return
        try:
            self.parts.get_acting().begin()
        except Exception as fault:  # noqa: BLE001 - the rim: the program goes on without it
            Faults().note("what was left could not be taken up", fault)

    def get_statistics(self) -> dict[str, Any]:
        """Return counts by component."""
        own = {**self._counter.read().to_dict(), "joined": self._joined.joined}
        return {"system": own, **read_components(self.parts)}

    def get_health_status(self, *, send: bool) -> HealthStatus:
        """Look at every component."""
        from .health_status import look_at_all

        return look_at_all(self.parts, send=send)

    def generate_report(self, kind: str, form: str, time_range: str, **options: Any) -> GeneratedReport:
        """Make a report over the store."""
        from ..reporting import ErrorReporting, check_reporting

        settings = self.parts.get_settings()
        check_reporting(settings, kind)
        reporting = ErrorReporting(self.parts.get_store(), folder=settings.home / "reports")
        return reporting.generate_report(kind, form, time_range, **options)

    def test_codegen_connection(self) -> Connection:
        """Ask the agent's API whether the key counts there."""
        from ...actions.codegen import Connection

        try:
            agent = self.parts.get_acting().codegen
        except Exception as fault:  # noqa: BLE001 - the rim: it is an answer, as any other trouble with the agent is
            return Connection("unreachable", f"errclass could not ask: {fault}")
        if agent is None:
            return Connection("unauthorized", "no agent is set up", "set CODEGEN_API_KEY and CODEGEN_ORG_ID")
        return agent.test_codegen_connection()

    def reset(self) -> None:
        """Start anew: breakers, budgets, counts."""
        self._counter.reset()
        try:
            self.parts.get_retries().reset()
        except Exception as fault:  # noqa: BLE001 - the rim: nothing is lost by it
            Faults().note("breakers and budgets could not be reset", fault)

    def stop(self, seconds: float) -> None:
        """End, once."""
        deadline = Deadline()
        deadline.limit = seconds
        if not self._in_flight.close(seconds):
            return
        try:
            self.parts.close(deadline.left or 0.0)
        except Exception as fault:  # noqa: BLE001 - the rim: it ends all the same
            Faults().note("not everything could be ended", fault)

    def _open(self, request: Request, faults: Faults) -> Handling:
        order = make_order(request, self.parts.get_settings(), hands_off=self._hands_off)
        return Handling(order, self.parts, faults)

    def _work(self, request: Request, faults: Faults) -> HandlingResult:
        with open_span("errclass.handle") as span, _limit_waits(request):
            result = self._finish(self._open(request, faults).run())
            span.tell(lambda: _describe_result(result))
            return result

    async def _awork(self, request: Request, faults: Faults) -> HandlingResult:
        with open_span("errclass.handle") as span, _limit_waits(request):
            handling = await asyncio.to_thread(self._open, request, faults)
            result = self._finish(await handling.arun())
            span.tell(lambda: _describe_result(result))
            return result

    def _finish(self, result: HandlingResult) -> HandlingResult:
        if result.error is not None:
            mark_handled(result.error)
        self._counter.add(result)
        log_handled(result)
        return result

    def _answer_fault(self, fault: Exception, faults: Faults, deadline: Deadline, error: Error) -> HandlingResult:
        if isinstance(fault, TimeoutError):
            faults.note(_BUSY, "its result did not come in time")
        else:
            faults.note("errclass could not handle it", fault)
        message = f"{faults.said[-1]}; nothing automatic was done"
        return self._finish(
            HandlingResult(
                False, "notify", message, "", total_time=deadline.elapsed, faults=faults.said, error=_as_error(error)
            )
        )


def _limit_waits(request: Request) -> AbstractContextManager[None]:
    """Have the store be waited for within the deadline, which it has from its settings as well."""
    from ...outcomes import limited_patience

    return limited_patience(lambda: request.deadline.left)


def _describe_result(result: HandlingResult) -> Attributes:
    """Return what a span says of a handled failure: names, ids and numbers."""
    return {
        **(describe_decision(result.decision) if result.decision else {}),
        "errclass.success": result.success,
        "errclass.strategy": result.strategy,
        "errclass.attempts": result.attempts,
        "errclass.steps": len(result.steps),
        "errclass.faults": len(result.faults),
        "errclass.outcome_id": result.outcome_id,
        "errclass.retry_in": result.retry_in,
    }


def _answer_cancellation(error: Error) -> HandlingResult:
    return HandlingResult(False, "ignore", _CANCELLED, "", error=_as_error(error))


def _answer_stopped(error: Error) -> HandlingResult:
    return HandlingResult(False, "notify", _STOPPED, "", faults=(_STOPPED,), error=_as_error(error))


def _is_cancellation(error: Any) -> bool:
    """Tell whether somebody wanted it to end: Ctrl-C, an exit, a cancelled task or future."""
    if not isinstance(error, BaseException):
        return False
    futures = sys.modules.get("concurrent.futures")
    return not isinstance(error, Exception) or (futures is not None and isinstance(error, futures.CancelledError))


def _as_error(error: Any) -> BaseException | None:
    return error if isinstance(error, BaseException) else None
