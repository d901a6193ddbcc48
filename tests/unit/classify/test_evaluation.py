"""A classifier is measured on texts of tools that it did not see."""

from __future__ import annotations

import json

import pytest

from errclass.classify.bayes import BayesClassifier
from errclass.classify.evaluation import Confusion, count_confusions, evaluate_held_out, score_predictions
from errclass.classify.linear import LinearClassifier
from errclass.classify.training import Prepared, prepare_examples, train_classifier
from errclass.core.types import Abstention, Example, Prediction, TypeProbability


def guess(kind: str, probability: float = 1.0, abstained: Abstention | None = None) -> Prediction:
    return Prediction((TypeProbability(kind, probability),), abstained)


def test_figures_by_hand() -> None:
    """Precision, recall and F1 of each type, over the types that there are."""
    found = score_predictions(["a", "a", "a", "b"], [guess("a"), guess("a"), guess("b"), guess("b")])
    by_type = {score.type: (score.examples, score.precision, score.recall, score.f1) for score in found.types}
    assert {
        "a": (3, 1.0, pytest.approx(2 / 3), pytest.approx(0.8)),
        "b": (1, 0.5, 1.0, pytest.approx(2 / 3)),
    } == by_type
    assert (4, 0.75) == (found.examples, found.accuracy)
    assert (0.8 + 2 / 3) / 2 == pytest.approx(found.macro_f1)


def test_a_type_never_guessed_scores_nothing() -> None:
    """It counts in the mean all the same."""
    found = score_predictions(["a", "b"], [guess("a"), guess("a")])
    assert [0.0] == [score.f1 for score in found.types if score.type == "b"]


def test_a_type_only_guessed_is_no_row() -> None:
    """The mean is over what the examples really are."""
    assert ["a"] == [score.type for score in score_predictions(["a"], [guess("z")]).types]


def test_only_answers_count_as_answered() -> None:
    """Abstaining and saying unknown are no answers."""
    predictions = [guess("a"), guess("b"), guess("a", abstained="low_margin"), guess("unknown")]
    found = score_predictions(["a", "a", "a", "unknown"], predictions)
    assert (0.5, 0.5, 0.75) == (found.answered, found.accuracy_when_answered, found.accuracy)


def test_nothing_answered_is_no_division() -> None:
    """Zero of zero is said to be zero."""
    assert 0.0 == score_predictions(["a"], [guess("a", abstained="novel")]).accuracy_when_answered


def test_as_many_predictions_as_truths() -> None:
    """A difference in number is a mistake of the caller."""
    with pytest.raises(ValueError):
        score_predictions(["a", "b"], [guess("a")])


def test_probabilities_are_judged_too() -> None:
    """Brier skill against the base rates, and what can be answered with few mistakes."""
    predictions = [guess("a", 0.9), guess("b", 0.8), guess("a", 0.3)]
    found = score_predictions(["a", "b", "b"], predictions)
    errors = 0.1**2 + 0.2**2 + (0.3**2 + 1.0)
    assert 1 - errors / 3 / (1 - 5 / 9) == pytest.approx(found.brier_skill)
    assert (2 / 3, 2 / 3) == (found.coverage_at_2, found.coverage_at_5)


def test_two_percent_are_fewer_than_five() -> None:
    """One mistake among twenty-five is within one limit only."""
    predictions = [guess("a", 1 - number / 100) for number in range(25)]
    found = score_predictions(["a"] * 20 + ["b"] + ["a"] * 4, predictions)
    assert (20 / 25, 1.0) == (found.coverage_at_2, found.coverage_at_5)


def test_confusions_are_counted() -> None:
    """The most frequent first, then by name; right answers are none."""
    truths, guesses = ["a", "a", "b", "c", "c"], ["b", "b", "a", "c", "a"]
    expected = [Confusion("a", "b", 2), Confusion("b", "a", 1), Confusion("c", "a", 1)]
    assert expected == count_confusions(truths, guesses)
    assert expected[:2] == count_confusions(truths, guesses, most=2)
    assert [] == count_confusions(["a"], ["a"])


def test_the_figures_are_ready_for_json() -> None:
    """Rounded to four digits."""
    data = score_predictions(["a", "a", "b"], [guess("a"), guess("b"), guess("b")]).to_dict()
    assert 0.6667 == json.loads(json.dumps(data))["accuracy"]


def test_held_out_predictions_of_the_training_are_used(
    linear_small: LinearClassifier, prepared_small: Prepared
) -> None:
    """Every text is judged once, by a model that saw none of its tool."""
    found = evaluate_held_out(prepared_small, name="linear", trained=linear_small)
    assert found is not None
    assert len(prepared_small.examples) == found.examples
    trained_on_it = score_predictions(
        [example.type for example in prepared_small.examples], linear_small.predict_many(prepared_small.signals)
    )
    assert found.accuracy < trained_on_it.accuracy


def test_a_classifier_that_keeps_none_is_trained_again(prepared_small: Prepared) -> None:
    """The fallback measures any classifier."""
    trained = train_classifier(prepared_small, name="bayes")
    assert isinstance(trained, BayesClassifier)
    found = evaluate_held_out(prepared_small, name="bayes", trained=trained)
    assert found is not None
    assert len(prepared_small.examples) == found.examples


@pytest.mark.parametrize("name", ["linear", "bayes"])
def test_texts_of_one_tool_cannot_be_measured(name: str) -> None:
    """There is no other tool to test on."""
    prepared = prepare_examples([Example("alpha one", "a", tool="npm"), Example("beta two", "b", tool="npm")])
    assert evaluate_held_out(prepared, name=name, trained=train_classifier(prepared, name=name)) is None
