"""One condition on one fact."""

from __future__ import annotations

from typing import Any

import pytest

from errclass.rules.conditions import Condition

HOLD = [
    ("is", "x", "x"), ("is", 1, 1.0), ("is", True, True), ("not", "x", "y"), ("not", True, 1), ("in", 2, (1, 2)),
    ("not_in", True, (1, 2)), ("gte", 2, 2), ("gt", 2.5, 2), ("lte", 2, 2), ("lt", -1, 0), ("missing", None, True),
    ("missing", 0, False),
]  # fmt: skip
FAIL = [
    ("is", "x", "y"), ("is", True, 1), ("is", 0, False), ("is", "1", 1), ("not", "x", "x"), ("in", True, (1,)),
    ("not_in", 1, (1.0,)), ("gte", "3", 2), ("gt", True, 0), ("lt", "", 5), ("lte", 3, 2), ("missing", "", True),
    ("missing", None, False), ("is", None, "x"), ("not", None, "x"), ("not_in", None, ("x",)), ("lt", None, 5),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "value", "operand"), HOLD)
def test_condition_holds(operator: Any, value: Any, operand: Any) -> None:
    """The fact meets the condition."""
    assert Condition("f", operator, operand).holds({} if value is None else {"f": value})


@pytest.mark.parametrize(("operator", "value", "operand"), FAIL)
def test_condition_does_not_hold(operator: Any, value: Any, operand: Any) -> None:
    """Another value, another type and an absent fact are a plain no."""
    assert not Condition("f", operator, operand).holds({} if value is None else {"f": value})
