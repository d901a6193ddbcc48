"""Fold what the rules derived into a ``Decision``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypeVar, cast

from ..core.ids import new_id
from ..core.types import (
    UNKNOWN,
    Autonomy,
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
GATE_FACTS = ("autonomy", "cancelled", "effect", "kill_switch", "retries_off")
"""Facts that a decision heeds whatever the rules read."""
_NO_SIGNALS = Signals(Region("", 0, 0), "", None)
_PERSON = "manual"
_PROPOSAL = "codegen"

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
    return _hold_back(decision, {**facts, **_describe_gates(context)})


def fold_facts(derivation: Derivation, policy: Policy) -> Decision:
    """Return the decision that ``decide`` folds from stored facts, of whose text, model and context no more is known.

    What it lacks is the fingerprint, the evidence and the alternatives; nothing that is done depends on these.
    """
    facts = derivation.facts
    context = Context(effect=cast("Any", facts.get("effect")), cancelled=facts.get("cancelled") is True)
    decision = _fold(derivation, policy, _NO_SIGNALS, None, context)
    return _hold_back(decision, facts)


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


def _describe_gates(context: Context) -> dict[str, Scalar]:
    """Return what the context forbids, should the facts not say it."""
    gates: dict[str, Scalar] = {"cancelled": True} if context.cancelled else {}
    return gates if context.effect is None else {**gates, "effect": context.effect}


def is_automatic(strategy: str, target: str | None) -> bool:
    """Say whether a strategy does something by itself: everything but telling or asking people."""
    return strategy in ("retry", "recover") or (strategy == "escalate" and target not in (None, "", _PERSON))


def limit_autonomy(decision: Decision, cap: Autonomy | None) -> Decision:
    """Return the decision as far as ``cap`` lets errclass go by itself; None: as far as it goes."""
    plan = decision.plan
    if cap in (None, "auto") or not is_automatic(decision.strategy, plan.target):
        return decision
    if cap == "suggest":
        return _step_back(decision, "Only suggestions are allowed here.")
    changes = decision.strategy != "retry" or decision.context.effect == "reversible"
    return replace(decision, plan=replace(plan, approval=True)) if changes else decision


def _hold_back(decision: Decision, facts: Facts) -> Decision:
    """Take back what no rule may decide, whoever wrote it: what is unsafe, unwanted or unsure."""
    if not is_automatic(decision.strategy, decision.plan.target):
        return decision
    reason = _find_veto(decision, facts)
    if reason is None:
        return decision
    return _step_back(decision, f"{reason}, whatever the rules say.")


def _step_back(decision: Decision, reason: str) -> Decision:
    """Return the decision with people told or asked instead."""
    because = (*decision.because, reason)
    if decision.strategy == "escalate":
        return replace(decision, plan=Plan(target=_PERSON), because=because)
    return replace(decision, strategy="notify", plan=Plan(), because=because)


def _find_veto(decision: Decision, facts: Facts) -> str | None:
    if facts.get("cancelled") is True:
        return "The run was cancelled and is not run again"
    if facts.get("kill_switch") is True:
        return "Everything automatic is switched off"
    if facts.get("retries_off") is True and decision.strategy == "retry":
        return "Re-runs are switched off"
    if facts.get("autonomy") == "suggest":
        return "The user wants suggestions only"
    # A fix that is proposed as a pull request runs nothing again.
    proposes = decision.strategy == "escalate" and decision.plan.target == _PROPOSAL
    if facts.get("effect") == "irreversible" and not proposes:
        return "The operation is irreversible and is never run again automatically"
    if decision.abstained is not None:
        return f"The answer is unsure ({decision.abstained}), and nothing automatic happens"
    return None


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
