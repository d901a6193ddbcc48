"""One test on one fact: the only thing ``when`` and ``unless`` are made of."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ..core.types import Facts, Scalar

Operator = Literal["is", "not", "in", "not_in", "gte", "gt", "lte", "lt", "missing"]


@dataclass(frozen=True, slots=True)
class FactRef:
    """Stand for the value of another fact, such as a threshold."""

    fact: str


def is_same(left: Scalar, right: Scalar) -> bool:
    """Say whether two scalars are equal; 1 equals 1.0 but never True."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def is_number(value: Any) -> bool:
    """Say whether ``value`` is a number; a bool is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_among(value: Scalar, choices: tuple[Scalar, ...]) -> bool:
    return any(is_same(value, choice) for choice in choices)


def _by_number(compare: Callable[[Any, Any], bool]) -> Callable[[Scalar, Any], bool]:
    return lambda value, bound: is_number(value) and is_number(bound) and compare(value, bound)


TESTS: dict[str, Callable[[Scalar, Any], bool]] = {
    "is": is_same,
    "not": lambda value, other: not is_same(value, other),
    "in": _is_among,
    "not_in": lambda value, choices: not _is_among(value, choices),
    "gte": _by_number(operator.ge),
    "gt": _by_number(operator.gt),
    "lte": _by_number(operator.le),
    "lt": _by_number(operator.lt),
}
"""What each operator but ``missing`` asks of a fact's value and an operand."""
OPERATORS: tuple[str, ...] = (*TESTS, "missing")
ORDERED = frozenset({"gte", "gt", "lte", "lt"})
"""Operators that compare numbers."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Test one fact; on a missing fact every operator is false but ``missing``."""

    fact: str
    operator: Operator
    value: Any
    """A scalar, or another fact (false while that is missing); a tuple of scalars for ``in`` and ``not_in``; for
    ``missing`` whether the fact has to be absent."""

    def holds(self, facts: Facts) -> bool:
        """Say whether ``facts`` meet this condition; a value of another type is a plain no, never an error."""
        value = facts.get(self.fact)
        if self.operator == "missing":
            return (value is None) is bool(self.value)
        operand = facts.get(self.value.fact) if isinstance(self.value, FactRef) else self.value
        if value is None or operand is None:
            return False
        return TESTS[self.operator](value, operand)

    @property
    def reads(self) -> tuple[str, ...]:
        """The fact that it tests, and the one that it compares it with."""
        return (self.fact, self.value.fact) if isinstance(self.value, FactRef) else (self.fact,)

    @property
    def tests_absence(self) -> bool:
        """Whether a fact that is set later could make this condition false."""
        return self.operator == "missing" and bool(self.value)


def all_hold(conditions: tuple[Condition, ...], facts: Facts) -> bool:
    """Say whether every one of ``conditions`` holds."""
    for condition in conditions:  # noqa: SIM110 - a loop is faster, and this is the innermost step of every decision
        if not condition.holds(facts):
            return False
    return True
