"""Two mixes of types, and whether chance alone tells them apart."""

from __future__ import annotations

import pytest

from errclass.classify.shift import DRAWS, judge_shift, measure_shift


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ({"a": 5, "b": 5}, {"a": 50, "b": 50}, 0.0),
        ({"a": 5}, {"b": 5}, 1.0),
        ({"a": 8, "b": 2}, {"a": 5, "b": 5}, 0.3),
        ({}, {"a": 3}, 0.0),
        ({}, {}, 0.0),
    ],
)
def test_the_distance_is_the_share_that_moved(first: dict[str, int], second: dict[str, int], distance: float) -> None:
    """Whatever the sizes, and whoever comes first."""
    assert distance == pytest.approx(measure_shift(first, second))
    assert measure_shift(first, second) == measure_shift(second, first)


def test_equal_mixes_are_chance() -> None:
    """Nothing moved."""
    assert 1.0 == judge_shift({"a": 50, "b": 50}, {"a": 50, "b": 50})


def test_a_clear_shift_is_hardly_chance() -> None:
    """No less than the number of draws can tell."""
    assert 1 / (DRAWS + 1) == judge_shift({"a": 90, "b": 10}, {"a": 10, "b": 90})


def test_a_handful_tells_nothing() -> None:
    """However different it looks."""
    assert judge_shift({"a": 2}, {"b": 1}) > 0.1
    assert 1.0 == judge_shift({}, {"b": 1})


def test_the_figure_is_that_of_fishers_exact_test() -> None:
    """For two types: 3 of 10 against 9 of 10 is (66 + 1760 + 1760 + 66) / 184756 of all ways to draw ten."""
    assert judge_shift({"a": 3, "b": 7}, {"a": 9, "b": 1}) == pytest.approx(0.0198, abs=0.008)


def test_the_same_counts_give_the_same_figure() -> None:
    """Draws are repeatable."""
    counts = {"a": 12, "b": 7}, {"a": 9, "b": 15}
    assert judge_shift(*counts) == judge_shift(*counts)
