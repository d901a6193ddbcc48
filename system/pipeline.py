"""The flow of DESIGN section 3, and the only place that calls all its stages."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.errors import StoreError
from ..core.ids import new_id
from ..core.types import Context, Decision, Facts, Failure, Guard, History, Outcome, Prediction, Signals
from ..rules import build_facts, limit_autonomy
from ..rules import decide as apply_rules
from .tracing import Attributes, open_span

if TYPE_CHECKING:
    from ..rules import Engine
    from .settings import DecisionSettings, Settings
    from .wiring import Parts

_log = logging.getLogger("errclass")
_TRACED = (
    "decision_id", "type", "category", "severity", "strategy", "priority", "retryable", "confidence", "abstained",
    "fingerprint", "model_version", "rules_revision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what each stage made of one failure."""

    failure: Failure
    signals: Signals
    prediction: Prediction
    history: History
    facts: Facts
    decision: Decision


def answer_failure(failure: Failure, parts: Parts, *, guard: Guard | None = None) -> Answer:
    """Take one failure through all stages up to the decision; nothing is written and nothing is carried out.

    ``guard`` is what the caller knows of breaker and budget; the settings add autonomy and kill switch.
    """
    with open_span("errclass.decide") as span:
        masked, signals, prediction = parts.known.answer(failure, parts.model.classifier)
        history = _read_history(parts, masked.context, signals, prediction)
        answer = _decide(masked, signals, prediction, history, parts, guard)
        span.tell(lambda: describe_decision(answer.decision))
    return answer


def answer_again(answer: Answer, parts: Parts, *, guard: Guard) -> Answer:
    """Decide anew on what is known of a failure already, where something else limits acting by now."""
    return _decide(answer.failure, answer.signals, answer.prediction, answer.history, parts, guard)


def describe_decision(decision: Decision) -> Attributes:
    """Return what a span says of a decision: names, ids and numbers, none of the failure's text."""
    return {f"errclass.{name}": getattr(decision, name) for name in _TRACED}


def _decide(
    masked: Failure,
    signals: Signals,
    prediction: Prediction,
    history: History,
    parts: Parts,
    guard: Guard | None,
) -> Answer:
    context = masked.context
    settings = parts.settings.for_call(component=context.component, environment=context.environment)
    known = complete_guard(guard or Guard(), settings, held_back=parts.held_back)
    facts = build_facts(signals, prediction, context, history, masked, known)
    decision = apply_rules(parts.engine, facts, signals=signals, prediction=prediction, context=context)
    decision = limit_autonomy(decision, settings.autonomy_cap)
    decision = replace(
        bound_plan(decision, settings.decision),
        history=history if parts.store else None,
        because=(*decision.because, *parts.faults),
    )
    return Answer(masked, signals, prediction, history, facts, decision)


def complete_guard(guard: Guard, settings: Settings, *, held_back: bool = False) -> Guard:
    """Return what limits acting just now, with what the settings say of it: limits, and what they ask for."""
    limits, retry, thresholds = settings.decision, settings.retry, settings.thresholds
    return replace(
        guard,
        kill_switch=guard.kill_switch or limits.kill_switch or held_back,
        autonomy=guard.autonomy or limits.autonomy,
        attempts_at_most=min(limits.max_attempts, guard.attempts_at_most or limits.max_attempts),
        retries_off=guard.retries_off or not settings.enable.retry,
        attempts_as_set=guard.attempts_as_set or retry.attempts,
        base_delay_as_set=_choose(guard.base_delay_as_set, retry.base_delay),
        factor_as_set=_choose(guard.factor_as_set, retry.factor),
        max_delay_as_set=_choose(guard.max_delay_as_set, retry.max_delay),
        codegen_as_set=guard.codegen_as_set or thresholds.codegen,
        manual_as_set=guard.manual_as_set or thresholds.manual,
    )


def _choose(said: float | None, otherwise: float | None) -> float | None:
    return otherwise if said is None else said


def _read_history(parts: Parts, context: Context, signals: Signals, prediction: Prediction) -> History:
    if parts.store is None:
        return History()
    try:
        return parts.store.history(
            signals.fingerprint,
            context,
            type=prediction.type,
            category=parts.model.taxonomy.category_of(prediction.type),
            failing_tests=signals.failing_tests,
        )
    except StoreError as error:  # a damaged store must not cost the user the answer
        _log.warning("errclass.history_unreadable: %s", error)
        return History(available=False)


def bound_plan(decision: Decision, limits: DecisionSettings) -> Decision:
    """Keep the plan within the settings' limits, whatever the rules wished."""
    plan = replace(
        decision.plan,
        max_attempts=min(decision.plan.max_attempts, limits.max_attempts),
        base_delay=min(decision.plan.base_delay, limits.max_delay),
        max_delay=min(decision.plan.max_delay, limits.max_delay),
    )
    return decision if plan == decision.plan else replace(decision, plan=plan)


def to_outcome(answer: Answer, engine: Engine) -> Outcome:
    """Return what the store keeps of an answer: the masked region, everything that was decided, and by which rules.

    ``engine`` is the one that decided.
    """
    return Outcome(
        id=new_id(),
        text=answer.signals.region.text,
        time=answer.failure.time,
        fingerprint=answer.signals.fingerprint,
        context=answer.failure.context,
        exit_code=answer.failure.exit_code,
        tool=answer.signals.tool,
        tags=answer.signals.tags,
        facts=answer.facts,
        decision=answer.decision,
        failing_tests=answer.signals.failing_tests,
        trace=engine.decide(answer.facts).trace,
    )
