"""Fold what the rules derived into a ``Decision``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypeVar, cast

from ..core.ids import new_id
from ..core.types import (
    UNKNOWN,
    Context,
    Decision,
    Facts,
    Plan,
    Prediction,
    Region,
    Scalar,
    Severity,
    Signals,
    TypeProbability,
)
from .conditions import is_number
from .engine import Derivation, Engine
from .policy import Policy
from .vocabulary import OUTPUTS

ALTERNATIVES = 3
GATE_FACTS = ("cancelled", "effect", "kill_switch")
"""Facts that a decision heeds whatever the rules read."""
_NO_SIGNALS = Signals(Region("", 0, 0), "", None)
_PERSON = "manual"
_SWITCHED_OFF = "Everything automatic is switched off, whatever the rules say."

T = TypeVar("T", bound=Scalar)


def decide(
    engine: Engine,
    facts: Facts,
    *,
    signals: Signals,
    prediction: Prediction | None,
    context: Context,
) -> Decision:
    """Return what ``engine`` makes of ``facts`` (from ``build_facts``), as one value.

    Whatever the rules leave unset, or set to something that a decision cannot hold, takes the careful default:
    severity medium, not retryable, ``manual_investigation``, strategy ``notify``.
    """
    derivation = engine.decide(facts)
    decision = _fold(derivation, engine.policy, signals, prediction, context)
    return _hold_back(decision, kill_switch=facts.get("kill_switch") is True)


def fold_facts(derivation: Derivation, policy: Policy) -> Decision:
    """Return the decision that ``decide`` folds from stored facts, of whose text, model and context no more is known.

    What it lacks is the fingerprint, the evidence and the alternatives; nothing that is done depends on these.
    """
    facts = derivation.facts
    context = Context(effect=cast("Any", facts.get("effect")), cancelled=facts.get("cancelled") is True)
    decision = _fold(derivation, policy, _NO_SIGNALS, None, context)
    return _hold_back(decision, kill_switch=facts.get("kill_switch") is True)


def _fold(
    derivation: Derivation, policy: Policy, signals: Signals, prediction: Prediction | None, context: Context
) -> Decision:
    derived = derivation.facts
    kind = _take(derived, "type", UNKNOWN)
    confidence = float(min(1.0, max(0.0, _take(derived, "type_confidence", 0.0))))
    return Decision(
        category=_take(derived, "category", UNKNOWN),
        type=kind,
        severity=cast("Severity", _take(derived, "severity", "medium")),
        retryable=_take(derived, "retryable", False),
        confidence=confidence,
        suggested_action=_take(derived, "suggested_action", "manual_investigation"),
        abstained=cast("Any", derived.get("unsure")),
        alternatives=_list_alternatives(prediction, kind, confidence),
        evidence=prediction.evidence if prediction else (),
        fingerprint=signals.fingerprint,
        model_version=prediction.model_version if prediction else "",
        context=context,
        strategy=cast("Any", _take(derived, "strategy", "notify")),
        plan=_build_plan(derived),
        priority=cast("Severity", _take(derived, "priority", "low")),
        channels=_split_names(_take(derived, "channels", "")),
        rules_fired=tuple(firing.rule for firing in derivation.trace),
        rules_revision=policy.revision,
        decision_id=new_id(),
        because=_collect_because(derivation, policy.background),
        fault_domain=_take(derived, "fault_domain", UNKNOWN),
    )


def _hold_back(decision: Decision, *, kill_switch: bool) -> Decision:
    """Take back what no rule may decide, whoever wrote it: a re-run that is unsafe, unwanted or unsure."""
    if kill_switch and decision.strategy == "escalate" and decision.plan.target != _PERSON:
        return replace(decision, plan=Plan(target=_PERSON), because=(*decision.because, _SWITCHED_OFF))
    if decision.strategy not in ("retry", "recover"):
        return decision
    context = decision.context
    if context.effect == "irreversible":
        reason = "The operation is irreversible and is never run again automatically, whatever the rules say."
    elif context.cancelled:
        reason = "The run was cancelled and is not run again, whatever the rules say."
    elif kill_switch:
        reason = _SWITCHED_OFF
    elif decision.abstained is not None:
        reason = f"The answer is unsure ({decision.abstained}), and nothing automatic happens, whatever the rules say."
    else:
        return decision
    return replace(decision, strategy="notify", plan=Plan(), because=(*decision.because, reason))


def _take(facts: Facts, name: str, default: T) -> T:
    """Return the fact where it is of the default's type and among the values that a decision can hold."""
    value = facts.get(name, default)
    choices = OUTPUTS[name].choices
    if is_number(default) != is_number(value) or isinstance(default, str) != isinstance(value, str):
        return default
    return default if choices and value not in choices else cast("T", value)


def _build_plan(facts: Facts) -> Plan:
    usual = Plan()
    recipe = _take(facts, "plan_recipe", "")
    target = _take(facts, "plan_target", "")
    least = _take(facts, "plan_retry_after", -1.0)
    return Plan(
        max_attempts=max(1, int(_take(facts, "plan_attempts", usual.max_attempts))),
        base_delay=max(0.0, float(_take(facts, "plan_base", usual.base_delay))),
        multiplier=max(1.0, float(_take(facts, "plan_multiplier", usual.multiplier))),
        max_delay=max(0.0, float(_take(facts, "plan_max_delay", usual.max_delay))),
        retry_after=float(least) if least >= 0 else None,
        recipe=recipe or None,
        target=target or None,
        curve=_take(facts, "plan_curve", usual.curve),
        approval=_take(facts, "plan_approval", False),
    )


def _list_alternatives(prediction: Prediction | None, kind: str, confidence: float) -> tuple[TypeProbability, ...]:
    """Return the next types, their probabilities scaled to share what the confidence leaves."""
    others = [entry for entry in (prediction.ranked if prediction else ()) if entry.type != kind]
    total = sum(entry.probability for entry in others)
    scale = (1.0 - confidence) / total if total else 0.0
    return tuple(TypeProbability(entry.type, round(entry.probability * scale, 4)) for entry in others[:ALTERNATIVES])


def _split_names(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _collect_because(derivation: Derivation, background: Collection[str]) -> tuple[str, ...]:
    return tuple(
        firing.because for firing in derivation.trace if firing.sets and firing.rule.partition("/")[0] not in background
    )
