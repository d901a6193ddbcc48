"""The same answer to everything."""

from __future__ import annotations

import pytest

from errclass.classify.baselines import Majority
from errclass.core.types import Example


def test_the_most_frequent_type_first() -> None:
    """Every type has its share."""
    answer = Majority([Example("x", "b"), Example("y", "a"), Example("z", "b")]).predict("whatever")
    assert [("b", pytest.approx(2 / 3)), ("a", pytest.approx(1 / 3))] == [
        (e.type, e.probability) for e in answer.ranked
    ]


def test_of_equals_the_first_by_name() -> None:
    """Not by the order of the examples."""
    assert "a" == Majority([Example("x", "b"), Example("y", "a")]).predict("").type
