"""Say in words what rules ask and set: for lists, explanations and pages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ..core.suggesting import join_choices
from ..core.types import Facts, Scalar
from .conditions import Condition, FactRef
from .effects import Constant, Copy, Effect
from .vocabulary import Word

_SHOWN_VALUES = 8
_PLAIN = re.compile(r"[^\W\d][\w./-]*")
_AMBIGUOUS = frozenset({"yes", "no", "absent", "or"})
_PHRASES = {
    "is": "is",
    "not": "is there and not",
    "in": "is",
    "not_in": "is there and not",
    "gte": "is at least",
    "gt": "is more than",
    "lte": "is at most",
    "lt": "is less than",
}


def describe_value(value: Scalar | None) -> str:
    """Return a fact's value as text: yes or no for a flag, a text in quotes where it could be taken for another."""
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value not in _AMBIGUOUS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def describe_facts(facts: Facts) -> str:
    """Return ``name = value`` of every fact, separated by commas."""
    return ", ".join(f"{name} = {describe_value(value)}" for name, value in facts.items())


def describe_condition(condition: Condition) -> str:
    """Return such as ``attempt is at least attempts_limit``."""
    if condition.operator == "missing":
        return f"{condition.fact} is {'absent' if condition.value else 'there'}"
    return f"{condition.fact} {_PHRASES[condition.operator]} {_describe_operand(condition.value)}"


def describe_conditions(conditions: Sequence[Condition]) -> str:
    """Return what must hold together, joined by ``and``."""
    return " and ".join(map(describe_condition, conditions))


def describe_effect(effect: Effect) -> str:
    """Return such as ``severity = high`` or ``severity = row of code_severity for evidence_code``."""
    if isinstance(effect, Constant):
        return f"{effect.fact} = {describe_value(effect.value)}"
    if isinstance(effect, Copy):
        return f"{effect.fact} = {effect.source}"
    otherwise = "" if effect.otherwise is None else f", otherwise {describe_value(effect.otherwise)}"
    return f"{effect.fact} = row of {effect.table} for {effect.by}{otherwise}"


def describe_range(word: Word) -> str:
    """Return which values a fact can have, such as ``whole number, at least 1``."""
    if word.choices:
        return "one of " + ", ".join(word.choices)
    if word.kind != "number":
        return {"flag": "true or false", "text": "any text"}[word.kind]
    return f"{'whole ' if word.whole else ''}number{_describe_bounds(word)}"


def _describe_bounds(word: Word) -> str:
    if word.low is None:
        return ""
    return f", at least {word.low:g}" if word.high is None else f", {word.low:g} to {word.high:.10g}"


def _describe_operand(operand: Scalar | FactRef | tuple[Scalar, ...]) -> str:
    if isinstance(operand, FactRef):
        return operand.fact
    if not isinstance(operand, tuple):
        return describe_value(operand)
    shown = [describe_value(value) for value in operand[:_SHOWN_VALUES]]
    if len(operand) > _SHOWN_VALUES:
        shown.append(f"one of {len(operand) - _SHOWN_VALUES} others")
    return join_choices(shown)
