"""Decide about a failed call of ``errclass run`` and record it; a fault in here is told, and never raised."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ...actions.retry.backoff import Jitter
from ...classify.condensing import condense_log
from ...core.errors import ErrclassError, StoreError
from ...core.happenings import Attempt
from ...core.ids import new_id
from ...core.types import Context, Decision, Failure, Outcome, Plan
from ...outcomes import Event, Store, attempt_events, derive_id, outcome_events
from ..breaker_choice import choose_breaker
from ..contexts import make_context
from ..explaining import explain_answer
from ..pipeline import Answer, answer_failure, to_outcome
from ..retry_decider import judge_health, plan_backoff
from ..settings import RetrySettings, Settings, load_settings
from ..wiring import Parts, build_parts, open_store
from .ci_context import read_ci_context
from .run_limits import RunLimits
from .run_order import FinishedCall, Prospect, RunOrder, Step, Told
from .run_recoveries import RunRecoveries
from .run_verdict import Verdict

if TYPE_CHECKING:
    import threading

    from ...actions.recover import RecoveryPlan, RecoveryResult
    from .run_telling import RunTeller

_log = logging.getLogger("errclass")
TIMED_OUT = 124
"""Exit code of ``timeout`` for a command whose time was up: what the rules are told, not what we exit with."""
MERGED_FROM = 1000
"""Events; below that a merge is left to whoever reads the store, since it may wait for others."""
_WHY_STAGES = ("evidence", "cause", "retry", "guard", "strategy")


class RunJudge:
    """Decide about calls of one run, and record them."""

    def __init__(self, order: RunOrder, operation_id: str) -> None:
        self._order, self._id = order, operation_id
        self._settings: Settings | None = None
        self._parts: Parts | None = None
        self._store: Store | None = None
        self._limits: RunLimits | None = None
        self._recoveries: RunRecoveries | None = None
        self._decision: Decision | None = None
        self._failed: str | None = None
        self._recovered: str | None = None
        """The recipe that helped since the last call."""
        self._delay = 0.0
        self._begun: float | None = None
        """When the first call began."""

    def judge(self, call: FinishedCall, prospect: Prospect) -> Verdict:
        """Return what is to be done about a failed call."""
        self._begun = self._begun or call.ended.started
        try:
            answer, parts = self._answer(call)
            outcome = to_outcome(answer, parts.engine)
            self._get_limits(call).report(judge_health(answer.decision), call.ended.seconds)
            self._decision = answer.decision
            verdict = self._choose(answer, outcome, call, prospect)
            kept = self._attempt(lambda: self._record_failure(call, outcome))
            explanation = explain_answer(answer, parts.model)
            return replace(verdict, explanation=explanation, outcome_id=kept, why=_find_reasons(outcome))
        except Exception as error:  # noqa: BLE001 - the rim: what goes wrong in here must not cost the command's result
            return self._judge_without_us(call, error)

    def admit(self, verdict: Verdict) -> Verdict:
        """Return the verdict after its wait: the breaker may refuse the next call by now, whoever opened it."""
        if self._limits is None:
            return verdict
        reason = self._pay_after_recovery(self._limits, verdict) or self._limits.enter()
        return verdict.stopped(reason) if reason else verdict

    def recover(self, plan: RecoveryPlan, stopped: threading.Event, seconds: float | None) -> RecoveryResult:
        """Carry out what a verdict planned; safe in another thread, for nothing is recorded here."""
        return self._get_recoveries().carry_out(plan, stopped, seconds)

    def note_recovery(self, result: RecoveryResult) -> None:
        """Record what became of a recovery, and what the next call owes to it."""
        from ..recovering import to_action

        self._recovered = result.strategy if result.outcome == "success" else None
        decision_id = self._decision.decision_id if self._decision else None
        action = to_action(result, failure_id=self._failed, decision_id=decision_id)
        if self._is_tracking():
            self._attempt(lambda: self._get_store().record_action(action))

    def note(self, call: FinishedCall) -> None:
        """Record a call that nothing is to be decided about: it succeeded, or somebody stopped it."""
        self._attempt(lambda: self._record_plainly(call))
        if not call.ended.status:
            self.report_success(call)

    def report_success(self, call: FinishedCall) -> None:
        """Tell breaker and budget of a call that succeeded."""
        self._attempt(lambda: self._get_limits(call).report("success", call.ended.seconds))

    def is_telling(self) -> bool:
        """Tell whether people are to be told of the end of the run; raises ConfigError."""
        return self._order.notify or self._get_settings().run.notify

    def tell_failure(self, steps: Sequence[Step]) -> Told:
        """Tell people of a run that failed for good; raises ErrclassError."""
        teller = self._make_teller()
        if self._decision is None:
            return teller.tell_undecided(self._context(steps[-1].call), steps, self._failed)
        return teller.tell_failure(self._decision, steps, self._failed)

    def tell_end(self, steps: Sequence[Step]) -> Told | None:
        """Tell those who were told of a failure that it is over; raises ErrclassError."""
        return self._make_teller().tell_end(self._context(steps[-1].call), steps)

    def close(self) -> None:
        """Close the store; where much waits to be merged, and nobody else is at it, merge it first."""
        if self._limits is not None:
            self._limits.release()
        if self._store is not None:
            store, self._store = self._store, None
            self._attempt(lambda: store.merge() if store.count_waiting()[0] >= MERGED_FROM else 0)
            store.close()

    def _answer(self, call: FinishedCall) -> tuple[Answer, Parts]:
        if self._parts is None:
            store = self._get_store()  # takes in what was noted, which is a part of the history
            self._parts = replace(build_parts(self._get_settings()), store=store)
        guard = self._get_limits(call).guard()
        return answer_failure(self._failure(call), self._parts, guard=guard), self._parts

    def _get_settings(self) -> Settings:
        self._settings = self._settings or load_settings()
        return self._settings

    def _get_store(self) -> Store:
        self._store = self._store or open_store(self._get_settings())
        return self._store

    def _get_limits(self, call: FinishedCall) -> RunLimits:
        if self._limits is None:
            operation = self._context(call).operation or self._order.name
            self._limits = RunLimits(self._get_store(), operation, choose_breaker(self._for_call(call)))
        return self._limits

    def _for_call(self, call: FinishedCall) -> Settings:
        context = self._context(call)
        return self._get_settings().for_call(component=context.component, environment=context.environment)

    def _make_teller(self) -> RunTeller:
        from .run_telling import RunTeller

        return RunTeller(self._get_settings(), self._get_store())

    def _is_tracking(self) -> bool:
        return self._get_settings().enable.tracking

    def _get_recoveries(self) -> RunRecoveries:
        self._recoveries = self._recoveries or RunRecoveries(self._order, self._get_settings())
        return self._recoveries

    def _pay_after_recovery(self, limits: RunLimits, verdict: Verdict) -> str:
        """Pay for the call after a recovery, which is a retry to the other side; return why it may not be made."""
        if verdict.recovery is None or self._decision is None:
            return ""
        return limits.pay(0.0, self._decision.type)

    def _context(self, call: FinishedCall) -> Context:
        order = self._order
        known = make_context(self._get_settings())
        fields: dict[str, Any] = {
            **read_ci_context(os.environ),
            "operation": known.operation if not order.operation and known.operation else order.name,
            **order.stated,
        }
        cancelled = call.ended.cancelled_by is not None
        return replace(known, **{**fields, "attempt": call.number, "operation_id": self._id, "cancelled": cancelled})

    def _failure(self, call: FinishedCall) -> Failure:
        ended, text = call.ended, call.output
        if ended.missing:
            text = f"{self._order.command[0]}: {ended.missing}\n".encode("utf-8", "surrogateescape")
        if ended.timed_out:
            text += f"\nError: the command timed out and was ended after {ended.seconds:.0f} seconds\n".encode()
        code = TIMED_OUT if ended.timed_out else ended.status
        failure = condense_log(BytesIO(text), context=self._context(call))
        return replace(failure, exit_code=code, time=_moment(ended.ended))

    def _choose(self, answer: Answer, outcome: Outcome, call: FinishedCall, prospect: Prospect) -> Verdict:
        decision = answer.decision
        if decision.strategy == "recover" and decision.context.effect != "irreversible":
            return self._get_recoveries().choose(answer, call, prospect)
        attempts = min(decision.plan.max_attempts, self._order.attempts or decision.plan.max_attempts)
        reason = self._find_obstacle(decision, outcome, call, attempts) or prospect.obstacle
        if reason:
            return Verdict(None, reason, attempts=attempts)
        wanted = self._for_call(call).retry
        wait = self._delay = find_wait(decision.plan, call.number, self._delay, wanted.jitter or "full")
        left = self._find_time_left(call, prospect, wanted)
        if left is not None and wait >= left:
            return Verdict(None, f"the wait of {wait:.1f} s would cross the deadline", attempts=attempts)
        reason = self._get_limits(call).pay(wait, decision.type)
        return Verdict(None if reason else wait, reason, attempts=attempts)

    def _find_time_left(self, call: FinishedCall, prospect: Prospect, wanted: RetrySettings) -> float | None:
        """Return seconds until the deadline: the order's, or that of the settings where it has none."""
        if self._order.deadline is not None or wanted.timeout is None or self._begun is None:
            return prospect.seconds_left
        return max(0.0, self._begun + wanted.timeout - call.ended.ended)

    def _find_obstacle(self, decision: Decision, outcome: Outcome, call: FinishedCall, attempts: int) -> str:
        if decision.context.effect == "irreversible":
            return "what is irreversible is never run again"
        if decision.strategy != "retry":
            limit = _find_limit(outcome) if decision.retryable else None
            return self._get_limits(call).explain(limit) if limit else _describe_strategy(decision)
        if call.number >= attempts:
            return f"{call.number} of {attempts} calls were made" if call.number > 1 else "only one call is allowed"
        return ""

    def _judge_without_us(self, call: FinishedCall, error: Exception) -> Verdict:
        if not isinstance(error, ErrclassError):
            _log.error("errclass.inner_fault", exc_info=error)
        kept = self._attempt(lambda: self._record_failure(call, self._describe(call)))
        what = f"{type(error).__name__}: {error}" if not isinstance(error, ErrclassError) else str(error)
        return Verdict(None, f"errclass could not decide, so nothing automatic happens: {what}", outcome_id=kept)

    def _describe(self, call: FinishedCall) -> Outcome:
        from .recording import describe_failure

        return describe_failure(self._failure(call))

    def _record_plainly(self, call: FinishedCall) -> str | None:
        if not self._is_tracking():
            return None
        if call.ended.status:
            return self._record_failure(call, self._describe(call))
        attempt = self._to_attempt(call, new_id())
        self._get_store().add_events(attempt_events(attempt))
        return attempt.id

    def _record_failure(self, call: FinishedCall, outcome: Outcome) -> str | None:
        if not self._is_tracking():
            return None
        outcome = replace(outcome, id=outcome.id or new_id())
        attempt = self._to_attempt(call, derive_id("attempt", outcome.id))
        events: list[Event] = [*outcome_events(outcome), *attempt_events(attempt)]
        self._get_store().add_events(events)
        self._failed, self._recovered = outcome.id, None
        return outcome.id

    def _to_attempt(self, call: FinishedCall, attempt_id: str) -> Attempt:
        ended = call.ended
        return Attempt(
            attempt_id,
            success=ended.status == 0,
            context=self._context(call),
            failure_id=self._failed,
            unchanged=self._recovered is None,
            recovery=None if ended.cancelled_by else self._recovered,
            started=_moment(ended.started),
            ended=_moment(ended.ended),
        )

    @staticmethod
    def _attempt(work: Callable[[], Any]) -> Any:
        """Do what the run's result must not depend on; return None where it fails."""
        try:
            return work()
        except (StoreError, OSError) as error:
            _log.warning("errclass.not_recorded: %s", error)
        except ErrclassError:  # broken settings: told as why nothing was decided
            pass
        return None


def find_wait(plan: Plan, number: int, previous: float = 0.0, jitter: Jitter = "full") -> float:
    """Return seconds until the call after the ``number``-th, by the plan."""
    backoff = plan_backoff(plan, jitter)
    return max(backoff.delay(number, previous), plan.retry_after or 0.0)


def _describe_strategy(decision: Decision) -> str:
    if decision.strategy == "escalate":
        target = decision.plan.target or "a person"
        return f"it is to be escalated to {target}, which errclass run does not carry out yet"
    return "running it again unchanged is not worth it" if decision.abstained is None else "the cause is not sure"


def _find_limit(outcome: Outcome) -> str | None:
    """Return which limit that runs share the rules stopped at: ``breaker`` or ``budget``."""
    bans = [firing.sets["rerun_forbidden"] for firing in outcome.trace if "rerun_forbidden" in firing.sets]
    return next((str(ban) for ban in bans if ban in {"breaker", "budget"}), None)


def _find_reasons(outcome: Outcome) -> tuple[str, ...]:
    fired = [firing for firing in outcome.trace if firing.rule.split("/")[0] in _WHY_STAGES]
    return tuple(firing.because for firing in fired if firing.because and firing.sets)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
