"""Conditions as plain functions: the same answers as ``Condition.holds``, in a fraction of its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..core.types import Facts
from .conditions import Condition, FactRef

Predicate = Callable[[Facts], bool]


def compile_conditions(conditions: Sequence[Condition]) -> tuple[Predicate, ...]:
    """Return one function per condition, in their order."""
    return tuple(map(compile_condition, conditions))


def compile_condition(condition: Condition) -> Predicate:
    """Return the function that says what ``condition.holds`` says of normalised facts."""
    name, value = condition.fact, condition.value
    if condition.operator == "missing":
        return (lambda facts: name not in facts) if value else (lambda facts: name in facts)
    if isinstance(value, FactRef):
        return condition.holds
    # Texts equal nothing but texts, and there is one True: no test of kinds is needed for these.
    if condition.operator == "is" and isinstance(value, str):
        return lambda facts: facts.get(name) == value
    if condition.operator == "is" and isinstance(value, bool):
        return lambda facts: facts.get(name) is value
    if condition.operator == "in" and all(isinstance(choice, str) for choice in value):
        choices = frozenset(value)
        return lambda facts: facts.get(name) in choices
    return condition.holds
