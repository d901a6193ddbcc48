"""The door through which facts reach the engines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.rules.normalising import normalise_facts, normalise_scalar


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a" * 300, "a" * 256), (10**30, 10**9), (-(10**30), -(10**9)), (0.123456, 0.1235), (1e300, 10**9), (True, True)],
)
def test_values_are_bounded(value: object, expected: object) -> None:
    """Long texts are cut, numbers clamped and rounded."""
    assert expected == normalise_scalar(value)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), [], {}, b"x", object()])
def test_what_is_no_scalar_is_dropped(value: object) -> None:
    """Such a fact is absent rather than wrong."""
    assert {} == normalise_facts({"f": value})


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))
def test_normalising_is_idempotent(value: object) -> None:
    """A second pass through the door changes nothing."""
    once = normalise_facts({"f": value})
    assert repr(once) == repr(normalise_facts(once))
