"""Conditions in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...core.types import Scalar
from ..conditions import Condition, FactRef

_SIGNS = {"is": "is", "not": "is not", "gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}


def describe_condition(condition: Condition, values: Mapping[str, Scalar] | None = None) -> str:
    """Return the condition in words; facts that it compares with are followed by their ``values``."""
    name, operand = condition.fact, condition.value
    if condition.operator == "missing":
        return f"{name} is missing" if operand else f"{name} is there"
    if isinstance(operand, tuple):
        choices = ", ".join(map(describe_value, operand))
        return f"{name} is {'one' if condition.operator == 'in' else 'none'} of {choices}"
    return f"{name} {_SIGNS[condition.operator]} {_describe_operand(operand, values or {})}"


def describe_veto(veto: Iterable[Condition], values: Mapping[str, Scalar] | None = None) -> str:
    """Return in words that a veto does not hold."""
    return f"not ({join_parts(describe_condition(condition, values) for condition in veto)})"


def describe_value(value: Scalar) -> str:
    """Return a value as it is written in a rule."""
    return str(value).lower() if isinstance(value, bool) else str(value) or "''"


def join_parts(parts: Iterable[str]) -> str:
    """Return a list as people write it: a, b and c."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _describe_operand(operand: Scalar | FactRef, values: Mapping[str, Scalar]) -> str:
    if not isinstance(operand, FactRef):
        return describe_value(operand)
    known = f" ({describe_value(values[operand.fact])})" if operand.fact in values else ""
    return operand.fact + known
