"""Fold what the rules derived into a ``Decision``."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from ..core.ids import new_id
from ..core.types import UNKNOWN, Context, Decision, Facts, Plan, Prediction, Scalar, Severity, Signals
from .conditions import is_number
from .engine import Derivation, Engine
from .vocabulary import OUTPUTS

ALTERNATIVES = 3

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
    derived = derivation.facts
    kind = _take(derived, "type", UNKNOWN)
    return Decision(
        category=_take(derived, "category", UNKNOWN),
        type=kind,
        severity=cast("Severity", _take(derived, "severity", "medium")),
        retryable=_take(derived, "retryable", False),
        confidence=float(min(1.0, max(0.0, _take(derived, "type_confidence", 0.0)))),
        suggested_action=_take(derived, "suggested_action", "manual_investigation"),
        abstained=cast("Any", derived.get("unsure")),
        alternatives=_list_alternatives(prediction, kind),
        evidence=prediction.evidence if prediction else (),
        fingerprint=signals.fingerprint,
        model_version=prediction.model_version if prediction else "",
        context=context,
        strategy=cast("Any", _take(derived, "strategy", "notify")),
        plan=_build_plan(derived),
        priority=cast("Severity", _take(derived, "priority", "low")),
        channels=_split_names(_take(derived, "channels", "")),
        rules_fired=tuple(firing.rule for firing in derivation.trace),
        rules_revision=engine.policy.revision,
        decision_id=new_id(),
        because=_collect_because(derivation),
    )


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
    )


def _list_alternatives(prediction: Prediction | None, kind: str) -> tuple[Any, ...]:
    ranked = prediction.ranked if prediction else ()
    return tuple(entry for entry in ranked if entry.type != kind)[:ALTERNATIVES]


def _split_names(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _collect_because(derivation: Derivation) -> tuple[str, ...]:
    # What a rule only prepared for another one is in the trace, but no reason of its own.
    return tuple(firing.because for firing in derivation.trace if firing.sets.keys() & OUTPUTS.keys())
