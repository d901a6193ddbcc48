"""Probabilities are judged against the base rates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.brier import measure_brier_skill
from errclass.core.types import Prediction, TypeProbability

TRUTHS = ["a", "a", "a", "b"]


def say(**probabilities: float) -> Prediction:
    return Prediction(tuple(TypeProbability(kind, probability) for kind, probability in probabilities.items()))


def test_sure_and_right_is_one() -> None:
    """Nothing is left to gain."""
    assert 1.0 == measure_brier_skill(TRUTHS, [say(a=1.0, b=0.0)] * 3 + [say(b=1.0, a=0.0)])


def test_the_base_rates_are_zero() -> None:
    """They are what it is compared with."""
    assert 0.0 == pytest.approx(measure_brier_skill(TRUTHS, [say(a=0.75, b=0.25)] * 4))


def test_by_hand() -> None:
    """(0.3 ** 2 + 0.3 ** 2) twice, (0.5 ** 2) twice twice, over 1 - (0.5 ** 2 + 0.5 ** 2)."""
    answers = [say(a=0.7, b=0.3), say(a=0.5, b=0.5), say(b=0.7, a=0.3), say(b=0.5, a=0.5)]
    assert 1 - (2 * 0.18 + 2 * 0.5) / 4 / 0.5 == pytest.approx(measure_brier_skill(["a", "a", "b", "b"], answers))


def test_sure_and_wrong_is_worse_than_nothing() -> None:
    """The only mistake costs more than the base rates do in all."""
    assert measure_brier_skill(TRUTHS, [say(a=1.0), say(a=1.0), say(b=1.0), say(a=1.0)]) < 0


def test_a_truth_that_was_not_thought_of_has_no_probability() -> None:
    """A model may know fewer types than there are."""
    assert measure_brier_skill(["a", "c"], [say(a=1.0), say(a=0.5, b=0.5)]) == pytest.approx(1 - 1.5 / 2 / 0.5)


def test_one_type_alone_cannot_be_beaten() -> None:
    """There is nothing to be better than."""
    assert 0.0 == measure_brier_skill(["a", "a"], [say(a=0.5, b=0.5)] * 2)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1)), min_size=1, max_size=20))
def test_never_above_one(rows: list[tuple[str, float]]) -> None:
    """Whatever was said."""
    answers = [say(a=share, b=(1 - share) / 2, c=(1 - share) / 2) for _, share in rows]
    assert measure_brier_skill([kind for kind, _ in rows], answers) <= 1.0
