"""Better on the newest texts, and no type falls: otherwise the gate stays shut, and says why."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from errclass.classify.comparison import Comparison, compare_predictions
from errclass.core.types import Prediction, TypeProbability
from errclass.system.promotion_gate import judge_comparison
from errclass.system.settings import PromotionSettings

KINDS = ("network", "security", "test")
TRUTHS = [kind for kind in KINDS for _ in range(10)]


def answer(kind: str, sure: float) -> Prediction:
    rest = [TypeProbability(other, (1 - sure) / 2) for other in KINDS if other != kind]
    return Prediction((TypeProbability(kind, sure), *rest))


def answers(right: Sequence[int], *, sure: float = 0.8) -> list[Prediction]:
    """Answers that are right on so many texts of each type; what is wrong is taken for the next type."""
    found = []
    for number, kind in enumerate(KINDS):
        wrong = KINDS[(number + 1) % len(KINDS)]
        found += [answer(kind, sure)] * right[number] + [answer(wrong, sure)] * (10 - right[number])
    return found


def compare(old: Sequence[int], new: Sequence[int], *, sure: float = 0.8) -> Comparison:
    return compare_predictions(TRUTHS, answers(old), answers(new, sure=sure))


@pytest.mark.parametrize(
    ("old", "new", "sure"),
    [
        ((5, 5, 5), (6, 6, 6), 0.8),
        ((5, 5, 5), (10, 10, 10), 0.8),
        ((9, 9, 9), (9, 9, 9), 0.85),  # as often right, and surer of it
        ((0, 0, 0), (1, 0, 0), 0.8),
    ],
)
def test_what_is_better_passes(old: Sequence[int], new: Sequence[int], sure: float) -> None:
    """The verdict says by how much."""
    verdict = judge_comparison(compare(old, new, sure=sure), PromotionSettings())
    assert (True, "passed") == (verdict.passed, verdict.word)
    assert "of 30 texts right against" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("old", "new", "sure", "words"),
    [
        ((9, 9, 9), (8, 8, 8), 0.8, "not better"),
        ((9, 9, 9), (9, 9, 9), 0.8, "not better"),  # the same is no better
        ((9, 9, 9), (9, 9, 9), 0.5, "not better"),  # as often right, and less sure
        ((10, 5, 5), (5, 10, 10), 0.8, "network falls by"),
    ],
)
def test_what_is_worse_anywhere_is_refused(old: Sequence[int], new: Sequence[int], sure: float, words: str) -> None:
    """As a whole, or in one type, however good the others became."""
    verdict = judge_comparison(compare(old, new, sure=sure), PromotionSettings())
    assert (False, "refused") == (verdict.passed, verdict.word)
    assert any(words in reason for reason in verdict.reasons)


@pytest.mark.parametrize(("old", "new", "passed"), [((4, 10, 10), (8, 8, 8), True), ((8, 8, 8), (4, 10, 10), False)])
def test_as_often_right_but_more_evenly_is_better(old: Sequence[int], new: Sequence[int], passed: bool) -> None:
    """Macro-F1 decides before the Brier skill does."""
    sure = 0.5 if passed else 0.9
    assert passed is judge_comparison(compare(old, new, sure=sure), PromotionSettings(max_type_drop=100)).passed


def test_every_fault_is_told() -> None:
    """Not only the first."""
    verdict = judge_comparison(compare((10, 10, 10), (2, 2, 10)), PromotionSettings())
    assert ["it is not better", "network falls", "security falls", "test falls"] == [
        " ".join(reason.split(":")[0].split()[: 4 if index == 0 else 2]) for index, reason in enumerate(verdict.reasons)
    ]


@pytest.mark.parametrize(("limit", "passed"), [(5.0, False), (60.0, True)])
def test_how_far_a_type_may_fall_is_a_setting(limit: float, passed: bool) -> None:
    """In points of F1."""
    comparison = compare((10, 5, 5), (5, 10, 10))
    assert passed is judge_comparison(comparison, PromotionSettings(max_type_drop=limit)).passed


@pytest.mark.parametrize(("gain", "passed"), [(0.0, True), (9.0, True), (11.0, False), (-5.0, True)])
def test_how_much_is_to_be_gained_is_a_setting(gain: float, passed: bool) -> None:
    """Ten points are gained here."""
    assert passed is judge_comparison(compare((5, 5, 5), (6, 6, 6)), PromotionSettings(minimum_gain=gain)).passed


def test_a_little_worse_passes_where_the_setting_allows_it() -> None:
    """For whoever wants the newer one at nearly any price."""
    limits = PromotionSettings(minimum_gain=-20, max_type_drop=100)
    assert judge_comparison(compare((9, 9, 9), (8, 8, 8)), limits).passed


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (None, "no labelled text"),
        (compare_predictions(TRUTHS[:19], answers((5, 5, 5))[:19], answers((9, 9, 9))[:19]), "19 labelled texts"),
        (compare_predictions(["test"] * 30, answers((5, 5, 5)), answers((9, 9, 9))), "'test'"),
    ],
)
def test_too_little_to_judge_by_is_said(comparison: Comparison | None, words: str) -> None:
    """Neither passed nor refused."""
    verdict = judge_comparison(comparison, PromotionSettings())
    assert (None, "not judged") == (verdict.passed, verdict.word)
    assert words in verdict.reasons[0]
