"""Conditions and effects in words."""

from __future__ import annotations

from typing import Any

import pytest

from errclass.core.frozen import FrozenDict
from errclass.rules import INPUTS, OUTPUTS
from errclass.rules.conditions import OPERATORS, Condition, FactRef
from errclass.rules.describing import (
    describe_condition,
    describe_conditions,
    describe_effect,
    describe_facts,
    describe_range,
    describe_value,
)
from errclass.rules.effects import Constant, Copy, Effect, Lookup

CONDITIONS: list[tuple[str, str, Any]] = [
    ("type is network", "is", "network"),
    ("type is there and not network", "not", "network"),
    ("type is network, build or test", "in", ("network", "build", "test")),
    ("type is network", "in", ("network",)),
    ("type is there and not network or build", "not_in", ("network", "build")),
    ("type is at least 4", "gte", 4),
    ("type is more than 0.5", "gt", 0.5),
    ("type is at most 0.0001", "lte", 0.0001),
    ("type is less than other", "lt", FactRef("other")),
    ("type is absent", "missing", True),
    ("type is there", "missing", False),
]
VALUES: list[tuple[Any, str]] = [
    (None, "absent"),
    (True, "yes"),
    (False, "no"),
    (4, "4"),
    (0.9826, "0.9826"),
    (2.0, "2"),
    (-1e9, "-1000000000"),
    ("shop/sync-1.2", "shop/sync-1.2"),
    ("yes", '"yes"'),
    ("absent", '"absent"'),
    ("401", '"401"'),
    ("", '""'),
    ("a b", '"a b"'),
    ('q"', '"q\\""'),
    ("line\nbreak\x1b[31m", '"line\\nbreak\\u001b[31m"'),
    ("für", "für"),
]
EFFECTS: list[tuple[Effect, str]] = [
    (Constant("strategy", "retry"), "strategy = retry"),
    (Copy("type", "predicted_type"), "type = predicted_type"),
    (Lookup("severity", "rows", "type", FrozenDict({"a": 1})), "severity = row of rows for type"),
    (Lookup("severity", "rows", "type", FrozenDict(), False), "severity = row of rows for type, otherwise no"),
]


@pytest.mark.parametrize(("words", "operator", "value"), CONDITIONS)
def test_a_condition_reads_like_a_sentence(words: str, operator: Any, value: Any) -> None:
    """One for each operator; a list of one choice reads like a value."""
    assert words == describe_condition(Condition("type", operator, value))


def test_every_operator_has_words() -> None:
    """A new one needs some too."""
    assert set(OPERATORS) == {operator for _, operator, _ in CONDITIONS}


def test_a_long_list_is_cut() -> None:
    """The rows of a table would fill the screen."""
    condition = Condition("type", "in", tuple(f"t{number}" for number in range(30)))
    assert describe_condition(condition).endswith("t6, t7 or one of 22 others")


def test_conditions_that_hold_together_are_joined() -> None:
    """As below ``when`` and in a veto."""
    assert "a is 1 and b is yes" == describe_conditions([Condition("a", "is", 1), Condition("b", "is", True)])


@pytest.mark.parametrize(("value", "words"), VALUES)
def test_a_value_is_not_taken_for_another(value: Any, words: str) -> None:
    """Texts that look like numbers, flags or nothing are quoted, and control characters are told."""
    assert words == describe_value(value)


@pytest.mark.parametrize(("effect", "words"), EFFECTS)
def test_an_effect_reads_like_an_equation(effect: Effect, words: str) -> None:
    """One for each kind."""
    assert words == describe_effect(effect)


def test_facts_are_listed() -> None:
    """In their order."""
    assert "b = 1, a = yes" == describe_facts({"b": 1, "a": True})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("attempt", "whole number, at least 1"),
        ("confidence", "number, 0 to 1"),
        ("exit_code", "whole number, -255 to 4294967295"),
        ("cancelled", "true or false"),
        ("tool", "any text"),
        ("severity", "one of low, medium, high, critical"),
    ],
)
def test_a_range_is_told(name: str, words: str) -> None:
    """For each kind of fact."""
    assert words == describe_range({**INPUTS, **OUTPUTS}[name])
