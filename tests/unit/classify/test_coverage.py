"""How much can be answered within a share of wrong answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.coverage import measure_coverage

ROWS = st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("correct", "error", "share"),
    [
        ([True] * 10, 0.0, 1.0),
        ([False] * 10, 0.5, 0.0),
        ([True] * 4 + [False] * 6, 0.0, 0.4),
        ([True] * 4 + [False] * 6, 0.2, 0.5),
        ([False] + [True] * 9, 0.0, 0.0),
        ([False] + [True] * 9, 0.1, 1.0),
        ([False, True, True, True, False, False, False, False, False, False], 0.25, 0.4),
    ],
)
def test_the_longest_prefix_counts(correct: list[bool], error: float, share: float) -> None:
    """Also behind a worse one: an early mistake may be made up for."""
    confidences = [1 - number / 20 for number in range(10)]
    assert share == measure_coverage(confidences, correct, error=error)


def test_the_surest_go_first() -> None:
    """Whatever their order in the file."""
    assert 0.5 == measure_coverage([0.1, 0.9, 0.8, 0.2], [False, True, True, False], error=0.0)


@pytest.mark.parametrize("correct", [[True, False], [False, True]])
def test_equal_confidence_is_answered_together(correct: list[bool]) -> None:
    """Nothing tells which of them to leave out, so their order in the file must not."""
    assert 0.0 == measure_coverage([0.5, 0.5], correct, error=0.1)


@pytest.mark.parametrize(("total", "wrong", "error"), [(50, 1, 0.02), (150, 3, 0.02), (60, 3, 0.05), (700, 14, 0.02)])
def test_the_limit_itself_is_within(total: int, wrong: int, error: float) -> None:
    """Rounding of the product costs nothing."""
    confidences = [1 - number / (2 * total) for number in range(total)]
    assert 1.0 == measure_coverage(confidences, [number >= wrong for number in range(total)], error=error)


def test_nothing_to_answer_is_no_division() -> None:
    """Zero of zero is said to be zero."""
    assert 0.0 == measure_coverage([], [], error=0.05)


@given(ROWS)
def test_more_error_never_covers_less(rows: list[tuple[float, bool]]) -> None:
    """And all is covered once any error is."""
    confidences, correct = [c for c, _ in rows], [good for _, good in rows]
    shares = [measure_coverage(confidences, correct, error=error) for error in (0.0, 0.02, 0.05, 0.5, 1.0)]
    assert sorted(shares) == shares
    assert 1.0 == shares[-1]
