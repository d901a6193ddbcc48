"""Handle one failure: the flow of DESIGN section 3, with what is done about it and what comes of that.

failed call -> decision -> called again, after a wait or a recovery -> handed on where nothing helped -> result
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...actions.notify import describe_return
from ...actions.retry import AttemptState, Executor, RetryPolicy, RetryStopped, StopReason, Verdict
from ...core.errors import CircuitOpenError
from ...core.masking import mask_secrets
from ..breaker_choice import choose_breaker
from .faults import Faults
from .guarding import guard_within
from .handling_judge import HandlingJudge
from .handling_order import HandlingOrder, ToldError
from .handling_parts import HandlingParts
from .handling_records import HandlingRecords
from .handling_recoveries import HandlingRecoveries
from .handling_result import HandlingResult
from .handover import HandedOn, Handover
from .messages import describe_end, describe_next_step, name_strategy

if TYPE_CHECKING:
    from ...actions.breaker import CircuitBreaker
    from ...actions.hooks import Event
    from ...core.types import Decision
    from ..settings import Settings


_LEAST_SECONDS = 1e-6
"""A policy has some time at least; no wait fits into this."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Say how the calls ended."""

    success: bool
    value: Any = None
    error: Exception | None = None
    """The last one."""
    wait: float | None = None
    """Seconds after which the caller may call again."""


class Handling:
    """Take one failure to its end; a fault of errclass is kept, and then nothing automatic happens."""

    def __init__(self, order: HandlingOrder, parts: HandlingParts, faults: Faults) -> None:
        self._order, self._parts, self._faults = order, parts, faults
        self._settings: Settings = parts.get_settings_for(order.context)
        self._set_deadline()
        self._records = HandlingRecords(self._find_record_store(), faults)
        self._recoveries = HandlingRecoveries(order, self._settings, self._records)
        self._reason: StopReason | None = None
        self._judge = HandlingJudge(
            order,
            parts.get_parts,
            self._records,
            self._recoveries,
            faults,
            self._settings.retry,
            self._is_breaker_open,
        )
        self._handover = Handover(order, parts.get_acting, faults, parts.follow)

    def run(self) -> HandlingResult:
        """Handle it in this thread."""
        ended = self._run_again() if self._order.is_run_again else self._look()
        return self._conclude(ended)

    async def arun(self) -> HandlingResult:
        """Handle it, without holding up other tasks: only waits and calls of the operation are in this one."""
        try:
            again = self._order.is_run_again
            ended = await self._arun_again() if again else await asyncio.to_thread(self._look)
            return await asyncio.to_thread(self._conclude, ended)
        except BaseException:
            self._recoveries.cancelled.set()
            raise

    def _look(self) -> Ended:
        """Decide, without calling anything again; a recovery is carried out."""
        state = AttemptState(
            self._order.name, self._order.context.effect, 1, 0.0, self._order.deadline.left, self._is_budget_spent()
        )
        verdict = self._judge(self._order.error, state)
        self._report(verdict)
        return Ended(self._records.recipe is not None, error=self._order.error, wait=self._find_wait(verdict))

    def _report(self, verdict: Verdict) -> None:
        """Tell the breaker of a call that somebody else made, as if it had been let through."""
        breaker = self._find_breaker()
        if breaker is None or breaker.time_left > 0:
            return
        with suppress(CircuitOpenError):  # another call tries it just now
            breaker.report(breaker.acquire(), verdict.outcome)

    def _run_again(self) -> Ended:
        try:
            return Ended(True, self._make_executor().resume(self._call, self._judge.last_error))
        except Exception as error:  # noqa: BLE001 - it is the operation's own, and a part of the result
            return self._end(error)

    async def _arun_again(self) -> Ended:
        try:
            executor = await asyncio.to_thread(self._make_executor)
            return Ended(True, await executor.aresume(self._acall, self._judge.last_error))
        except Exception as error:  # noqa: BLE001 - likewise
            return self._end(error)

    def _call(self) -> Any:
        with self._calling(), guard_within():
            return self._order.operation() if self._order.operation else None

    async def _acall(self) -> Any:
        with self._calling(), guard_within():
            value = self._order.operation() if self._order.operation else None
            return await value if inspect.isawaitable(value) else value

    @contextmanager
    def _calling(self) -> Iterator[None]:
        """Note when a call began, and what it raised."""
        self._judge.call_started = time.time()
        try:
            yield
        except Exception as error:
            self._judge.last_error = error
            raise

    def _end(self, error: Exception) -> Ended:
        """Return the end by the operation's own last error; any other is the breaker's refusal, or a fault of ours."""
        if isinstance(error, TimeoutError):  # it reached the deadline
            self._judge.last_error = error
        if error is not self._judge.last_error and self._reason != "circuit_open":
            self._faults.note("it could not be called again", error)
        if not self._judge.attempts:
            self._judge.keep_undecided(self._order.error)
        return Ended(False, error=self._judge.last_error)

    def _conclude(self, ended: Ended) -> HandlingResult:
        """Do what is left to be done, and return what became of it; what goes wrong here changes no end."""
        try:
            self._keep(ended)
            handed_on = self._hand_on(ended)
        except Exception as fault:  # noqa: BLE001 - the rim: an operation that succeeded has succeeded
            self._faults.note("not all was kept and told", fault)
            handed_on = HandedOn()
        return self._make_result(ended, handed_on)

    def _keep(self, ended: Ended) -> None:
        if self._order.operation is not None and ended.success:
            context = self._judge.make_call_context(self._judge.attempts + 1)
            self._records.record_success(context, self._judge.call_started)
        elif not ended.success and self._reason is not None:
            self._judge.reconsider(self._reason)

    def _hand_on(self, ended: Ended) -> HandedOn:
        decision, answer = self._judge.decision, self._judge.answer
        if decision is None or answer is None or self._reason in ("nested", "cancelled"):
            return HandedOn()
        tried, failed = tuple(step.summary for step in self._judge.steps), self._records.failed
        if ended.success:
            return self._tell_success(decision, tried)
        if decision.strategy == "ignore" or ended.wait is not None:
            return HandedOn()
        if decision.strategy == "recover" and (self._recoveries.results or self._recoveries.waits_for_consent):
            answer = replace(answer, decision=self._hand_recovery_on(decision))
        if answer.decision.strategy == "escalate" and self._settings.enable.escalation:
            return self._handover.escalate(answer, failed, tried)
        next_step = describe_next_step(decision, self._recoveries.obstacle)
        return self._handover.notify(decision, failed, tried, next_step=next_step)

    def _hand_recovery_on(self, decision: Decision) -> Decision:
        """Return who is asked where recoveries did not help: whoever may agree to one, or a person."""
        target = "auto_recovery" if self._recoveries.waits_for_consent else "manual"
        plan = replace(decision.plan, target=target, approval=target != "manual")
        because = (*decision.because, f"The recovery did not help: {self._recoveries.obstacle or 'it failed'}.")
        return replace(decision, strategy="escalate", plan=plan, because=because)

    def _tell_success(self, decision: Decision, tried: tuple[str, ...]) -> HandedOn:
        """Tell those who were told that it failed; the messages know whether anybody was."""
        history = self._judge.first.history if self._judge.first else None
        if history is None or not history.seen:
            return HandedOn()
        what = describe_return(self._order.name, decision.type)
        return self._handover.notify(
            decision, self._records.failed, tried, kind="resolved", what=what, next_step="none"
        )

    def _make_result(self, ended: Ended, handed_on: HandedOn) -> HandlingResult:
        decision, first = self._judge.decision, self._judge.first
        calls = max(1, self._judge.attempts) + (1 if ended.success and self._order.operation is not None else 0)
        return HandlingResult(
            success=ended.success,
            strategy=decision.strategy if decision else "notify",
            message=describe_end(self._order, decision, ended, handed_on, calls, self._recoveries),
            operation_id=mask_secrets(self._order.context.operation_id or ""),
            result=ended.value,
            decision=decision,
            handling_strategy=name_strategy(first),
            outcome_id=self._records.failed,
            escalation=handed_on.escalation,
            recovery=self._recoveries.results[-1] if self._recoveries.results else None,
            notifications=handed_on.notifications,
            steps=(*self._judge.steps, *handed_on.steps),
            attempts=calls,
            retry_in=ended.wait,
            total_time=self._order.deadline.elapsed,
            faults=self._faults.said,
            error=None if ended.success or isinstance(ended.error, ToldError) else ended.error,
        )

    def _make_executor(self) -> Executor:
        retries = self._parts.get_retries()
        left = self._order.deadline.left
        policy = RetryPolicy(
            self._judge,
            self._order.name,
            effect=self._order.context.effect,
            timeout=None if left is None else max(left, _LEAST_SECONDS),
        )
        flow = retries.make_flow(policy, choose_breaker(self._settings), True, listeners=(self._hear,))
        return Executor(flow, retries.naps, apart=True)

    def _hear(self, event: Event) -> None:
        if isinstance(event, RetryStopped):
            self._reason = event.reason

    def _set_deadline(self) -> None:
        deadline = self._order.deadline
        if deadline.limit is None:
            deadline.limit = self._settings.retry.timeout

    def _find_record_store(self) -> Any:
        return self._parts.get_store() if self._settings.enable.tracking else None

    def _is_breaker_open(self) -> bool | None:
        breaker = self._find_breaker()
        return None if breaker is None else breaker.time_left > 0

    def _find_breaker(self) -> CircuitBreaker | None:
        options = choose_breaker(self._settings)
        return None if options is None else self._parts.get_retries().breaker_of(self._order.name, options)

    def _is_budget_spent(self) -> bool:
        return not self._parts.get_retries().budget_of(self._order.name).can_pay(None)

    def _find_wait(self, verdict: Verdict) -> float | None:
        """Return seconds after which the caller may call again; None where that is not worth it."""
        if not verdict.retry:
            return None
        if verdict.wait is not None:
            return verdict.wait
        from ..jobs.run_decisions import find_wait

        decision = self._judge.decision
        jitter = self._settings.retry.jitter or "full"
        return None if decision is None else find_wait(decision.plan, self._order.context.attempt, jitter=jitter)
