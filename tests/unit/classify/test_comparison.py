"""Two classifiers side by side."""

from __future__ import annotations

import json
from math import comb

import pytest

from errclass.classify.comparison import compare_predictions, mcnemar
from errclass.core.types import Prediction, TypeProbability

TRUTHS = ["network", "network", "test", "test"]


def answers(*types: str) -> list[Prediction]:
    other = {"network": "test", "test": "network"}
    return [Prediction((TypeProbability(kind, 0.8), TypeProbability(other[kind], 0.2))) for kind in types]


def test_figures_of_both_stand_side_by_side() -> None:
    """With what each alone told right, and every type."""
    found = compare_predictions(
        TRUTHS, answers("network", "test", "test", "test"), answers("network", "network", "network", "test")
    )
    assert (0.75, 0.75, 0.0, 1, 1) == (
        found.champion.accuracy,
        found.challenger.accuracy,
        found.gain,
        found.only_champion,
        found.only_challenger,
    )
    assert ["network", "test"] == [change.champion.type for change in found.types]
    assert [13.33, -13.33] == [round(change.points, 2) for change in found.types]


def test_a_gain_is_in_points_of_accuracy() -> None:
    """Positive when the challenger is right more often."""
    found = compare_predictions(TRUTHS, answers("test", "test", "test", "test"), answers(*TRUTHS))
    assert (50.0, 0, 2) == (found.gain, found.only_champion, found.only_challenger)
    assert 50.0 == json.loads(json.dumps(found.to_dict()))["gain"]


@pytest.mark.parametrize("pair", [(0, 0), (1, 0), (3, 3), (0, 5), (2, 9), (40, 60)])
def test_mcnemar_is_the_binomial_test(pair: tuple[int, int]) -> None:
    """All outcomes that are at most as probable as the one seen, counted one by one."""
    total = sum(pair)
    weights = [comb(total, count) for count in range(total + 1)]
    extreme = sum(weight for count, weight in enumerate(weights) if abs(count - total / 2) >= abs(pair[0] - total / 2))
    assert extreme / 2**total == pytest.approx(mcnemar(*pair))


def test_mcnemar_does_not_ask_who_is_who() -> None:
    """Two-sided."""
    assert mcnemar(2, 9) == mcnemar(9, 2)
