"""Probabilities are made to mean what they say, and measured for it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.calibration import (
    Confidence,
    expected_calibration_error,
    fit_confidence,
    fit_temperature,
)

GENERATOR = np.random.default_rng(7)
SCORES = GENERATOR.normal(scale=2.0, size=(4000, 5))
PROBABILITIES = np.exp(SCORES) / np.exp(SCORES).sum(axis=1, keepdims=True)
TRUTH = np.array([GENERATOR.choice(5, p=row) for row in PROBABILITIES])


@pytest.mark.parametrize("factor", [0.25, 1.0, 3.0])
def test_the_temperature_undoes_a_factor(factor: float) -> None:
    """Scores that are too large or too small by a factor get it back."""
    assert factor == pytest.approx(fit_temperature(SCORES * factor, TRUTH), rel=0.15)


def test_the_temperature_stays_in_its_range() -> None:
    """Neither perfect nor hopeless scores drive it out of 0.05 to 5."""
    perfect, hopeless = np.eye(5)[TRUTH] * 10, -np.eye(5)[TRUTH] * 10
    assert 0.05 <= fit_temperature(perfect, TRUTH) < 1 < fit_temperature(hopeless, TRUTH) <= 5.0 + 1e-9


def test_huge_scores_do_not_overflow() -> None:
    """Warnings are errors here."""
    assert 0 < fit_temperature(SCORES * 1e6, TRUTH) <= 5.0 + 1e-9


def test_honest_confidences_have_no_error() -> None:
    """Right in nine of ten cases at 0.9."""
    confidences, correct = np.full(1000, 0.9), np.arange(1000) % 10 > 0
    assert 0.0 == pytest.approx(expected_calibration_error(confidences, correct, bins=1))


def test_boasting_is_measured() -> None:
    """Always sure and right half the time is off by a half."""
    assert 0.5 == pytest.approx(expected_calibration_error(np.ones(1000), np.arange(1000) % 2 == 0, bins=1))


def test_modesty_is_measured_too() -> None:
    """Never sure and always right is off as well."""
    assert 0.7 == pytest.approx(expected_calibration_error(np.full(50, 0.3), np.ones(50, dtype=bool)))


@pytest.mark.parametrize("size", [0, 1, 3])
def test_few_examples_do_not_break_it(size: int) -> None:
    """Fewer examples than bins give a figure from 0 to 1."""
    assert 0 <= expected_calibration_error(np.full(size, 0.5), np.ones(size, dtype=bool)) <= 1


RANKED = st.lists(st.floats(1e-6, 1.0), min_size=2, max_size=6).map(
    lambda drawn: sorted(((f"t{i}", value / sum(drawn)) for i, value in enumerate(drawn)), key=lambda pair: -pair[1])
)


@given(ranked=RANKED, slope=st.floats(0.01, 5), offset=st.floats(-5, 5))
def test_a_corrected_ranking_is_still_one(ranked: list[tuple[str, float]], slope: float, offset: float) -> None:
    """The probabilities sum to one and the order stays, whatever the correction."""
    found = Confidence(slope, offset).apply(ranked)
    assert 1.0 == pytest.approx(sum(probability for _, probability in found))
    assert [name for name, _ in ranked] == [name for name, _ in found]
    values = [probability for _, probability in found]
    assert all(first >= second for first, second in pairwise(values))


@given(ranked=RANKED)
def test_without_a_correction_nothing_changes(ranked: list[tuple[str, float]]) -> None:
    """The default is to leave the model's word."""
    expected = [probability for _, probability in ranked]
    assert expected == pytest.approx([probability for _, probability in Confidence().apply(ranked)], abs=1e-5)


def test_an_only_type_stays_certain() -> None:
    """There is nothing to share with."""
    assert [("a", 1.0)] == Confidence(2.0, 1.0).apply([("a", 1.0)])


def test_overconfidence_is_taken_back() -> None:
    """Answers given at 95 % of which 70 % are right come out near 70 %."""
    correct = [i % 10 < 7 for i in range(400)] + [i % 2 == 0 for i in range(400)]
    fitted = fit_confidence([0.95] * 400 + [0.6] * 400, correct)
    ((_, found), _) = fitted.apply([("a", 0.95), ("b", 0.05)])
    assert 0.7 == pytest.approx(found, abs=0.01)


@pytest.mark.parametrize("correct", [[True] * 4, [False] * 4, [False, False, True, True]])
def test_too_little_to_learn_from_corrects_nothing(correct: list[bool]) -> None:
    """One outcome only, or surer answers that are wrong more often."""
    assert Confidence() == fit_confidence([0.9, 0.8, 0.4, 0.3], correct)
