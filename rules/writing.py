"""Rules as the plain values that a rule file holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .conditions import Condition, FactRef
from .effects import Constant, Copy, Effect


def write_conditions(conditions: Iterable[Condition]) -> dict[str, Any]:
    """Return what stands below ``when``, or one veto of ``unless``."""
    tests: dict[str, dict[str, Any]] = {}
    for condition in conditions:
        tests.setdefault(condition.fact, {})[condition.operator] = _write_operand(condition.value)
    return {fact: found["is"] if found.keys() == {"is"} else found for fact, found in tests.items()}


def write_effects(effects: Iterable[Effect]) -> dict[str, Any]:
    """Return what stands below ``then``."""
    return {effect.fact: _write_effect(effect) for effect in effects}


def _write_operand(operand: Any) -> Any:
    if isinstance(operand, FactRef):
        return {"fact": operand.fact}
    return list(operand) if isinstance(operand, tuple) else operand


def _write_effect(effect: Effect) -> Any:
    if isinstance(effect, Constant):
        return effect.value
    if isinstance(effect, Copy):
        return {"from": effect.source}
    found = {"lookup": effect.table, "by": effect.by}
    return found if effect.otherwise is None else {**found, "otherwise": effect.otherwise}
