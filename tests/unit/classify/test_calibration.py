"""Probabilities are made to mean what they say, and measured for it."""

from __future__ import annotations

import numpy as np
import pytest

from errclass.classify.calibration import expected_calibration_error, fit_temperature

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
