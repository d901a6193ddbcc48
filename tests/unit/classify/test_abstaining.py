"""A prediction abstains where it should not be acted on alone, and says why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.abstaining import Thresholds, choose_threshold, make_prediction
from errclass.core.types import Abstention, Prediction, Region, Signals


def of(gap: Abstention | None = None) -> Signals:
    return Signals(Region("x", 1, 1), "x", None, gap=gap)


def predict(
    ranked: list[tuple[str, float]],
    *,
    gap: Abstention | None = None,
    known_share: float = 1.0,
    thresholds: Thresholds | None = None,
) -> Prediction:
    return make_prediction(
        ranked, of(gap), known_share=known_share, thresholds=thresholds or Thresholds(0.5, 0.05), version="v"
    )


@pytest.mark.parametrize(
    ("confidence", "known_share", "gap", "reason"),
    [
        (0.9, 1.0, None, None),
        (0.5, 1.0, None, None),
        (0.49, 1.0, None, "low_margin"),
        (0.49, 0.01, None, "novel"),
        (0.9, 0.01, None, None),
        (0.9, 1.0, "truncated", "truncated"),
    ],
)
def test_the_reason_fits(confidence: float, known_share: float, gap: Abstention | None, reason: str | None) -> None:
    """Unsure, unlike anything seen, or cut off: each has its word, and a sure answer has none."""
    found = predict([("network", confidence), ("test", 1 - confidence)], gap=gap, known_share=known_share)
    assert reason == found.abstained
    assert ("network", confidence) == (found.type, found.confidence)


def test_the_label_unknown_abstains() -> None:
    """To be sure of knowing nothing is no answer to act on."""
    assert "no_match" == predict([("unknown", 0.9), ("test", 0.1)]).abstained


@pytest.mark.parametrize("gap", ["empty", "no_log", "no_match"])
@pytest.mark.parametrize(
    "ranked",
    [
        [("network", 0.9), ("unknown", 0.1)],
        [("unknown", 0.9), ("network", 0.1)],
        [("network", 0.6), ("test", 0.4)],
        [("network", 0.34), ("test", 0.33), ("unknown", 0.33)],
        [("network", 1.0), ("unknown", 0.0)],
        [("unknown", 1.0), ("network", 0.0)],
        [("unknown", 1.0)],
    ],
)
def test_a_text_that_names_no_cause_is_unknown(gap: Abstention, ranked: list[tuple[str, float]]) -> None:
    """Whatever the model thinks: unknown first, the rest in order, the sum 1."""
    found = predict(ranked, gap=gap)
    probabilities = [item.probability for item in found.ranked]
    assert ("unknown", gap) == (found.type, found.abstained)
    assert 1.0 == pytest.approx(sum(probabilities))
    assert sorted(probabilities, reverse=True) == pytest.approx(probabilities)
    assert [name for name, _ in ranked if name != "unknown"] == [item.type for item in found.ranked[1:]]


CONFIDENCES = st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]) | st.floats(0, 1)


@given(st.lists(st.tuples(CONFIDENCES, st.booleans()), min_size=1, max_size=200), st.floats(0, 0.5))
def test_a_threshold_keeps_what_it_promises(pairs: list[tuple[float, bool]], error: float) -> None:
    """Of the answers at or above it, no larger share is wrong; else only the surest of all are answered."""
    confidences, correct = zip(*pairs, strict=True)
    threshold = choose_threshold(confidences, correct, error=error)
    answered = [good for confidence, good in pairs if confidence >= threshold]
    assert answered.count(False) <= error * len(answered) or max(confidences) == threshold


@given(st.lists(st.tuples(CONFIDENCES, st.booleans()), min_size=30, max_size=200))
def test_no_lower_threshold_would_do(pairs: list[tuple[float, bool]]) -> None:
    """It answers as much as the promise allows."""
    confidences, correct = zip(*pairs, strict=True)
    threshold = choose_threshold(confidences, correct, error=0.1)
    for lower in {confidence for confidence in confidences if confidence < threshold}:
        answered = [good for confidence, good in pairs if confidence >= lower]
        assert len(answered) < 30 or answered.count(False) > 0.1 * len(answered)


def test_equal_confidences_are_answered_together() -> None:
    """Right and wrong answers of the same confidence cannot be told apart."""
    pairs = [(0.99, True)] * 40 + [(0.9, True)] * 40 + [(0.9, False)] * 40
    assert 0.99 == choose_threshold(*zip(*pairs, strict=True))


def test_a_few_answers_prove_nothing() -> None:
    """Below thirty answers the surest alone are given."""
    assert 0.9 == choose_threshold([0.9, 0.8, 0.7], [True, True, True])


def test_without_any_answer_nothing_is_sure() -> None:
    """No held-out example gives the highest threshold."""
    assert 1.0 == choose_threshold([], [])
