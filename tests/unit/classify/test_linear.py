"""The default classifier is sure where it may be, shows its evidence, and loads without unpickling."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.classify.linear import LinearClassifier
from errclass.classify.training import Prepared, signals_of, train_classifier
from errclass.core.errors import ModelError


def test_most_of_the_training_set_is_learned(linear_small: LinearClassifier, prepared_small: Prepared) -> None:
    """What was shown is mostly known again."""
    predictions = linear_small.predict_many(prepared_small.signals)
    right = [p.type == e.type for p, e in zip(predictions, prepared_small.examples, strict=True)]
    assert sum(right) > 0.9 * len(right)


def test_the_evidence_is_lines_of_the_region(linear_small: LinearClassifier) -> None:
    """At most three lines, each from the text, the telling one among them."""
    signals = signals_of(
        "starting the job\nconnect ECONNREFUSED 10.0.0.3:5432\nretrieving nothing\nthe end\nof the log"
    )
    prediction = linear_small.predict_many([signals])[0]
    assert set(prediction.evidence) <= set(signals.region.text.split("\n"))
    assert "connect ECONNREFUSED 10.0.0.3:5432" in prediction.evidence
    assert len(prediction.evidence) <= 3


def test_a_single_line_is_its_own_evidence(linear_small: LinearClassifier) -> None:
    """There is nothing to choose."""
    text = "connect ECONNREFUSED db"
    assert (text,) == linear_small.predict_many([signals_of(text)])[0].evidence


@pytest.mark.parametrize("text", ["", "Process completed with exit code 1.", "Build completed successfully"])
def test_a_text_without_a_cause_is_unknown(linear_small: LinearClassifier, text: str) -> None:
    """The model never guesses about nothing."""
    prediction = linear_small.predict_many([signals_of(text)])[0]
    assert "unknown" == prediction.type
    assert prediction.abstained


def test_held_out_predictions_cover_every_text_once(linear_small: LinearClassifier, prepared_small: Prepared) -> None:
    """Training keeps a fair prediction of each text for the evaluation."""
    assert list(range(len(prepared_small.examples))) == sorted(linear_small.held_out)


def test_nothing_is_chosen_on_examples_of_less_weight(prepared_small: Prepared) -> None:
    """A guessed label or a noisy copy is learned from, and measures nothing."""
    weights = [1.0 if row % 2 else 0.5 for row in range(len(prepared_small.examples))]
    classifier = LinearClassifier().fit(
        prepared_small.signals,
        [example.type for example in prepared_small.examples],
        weights=weights,
        groups=prepared_small.groups,
        retryable=[None] * len(weights),
    )
    assert [row for row, weight in enumerate(weights) if weight == 1.0] == sorted(classifier.held_out)


def test_one_group_trains_without_calibration(prepared_small: Prepared) -> None:
    """Where nothing can be held out, the default thresholds stay."""
    classifier = LinearClassifier().fit(
        prepared_small.signals,
        [example.type for example in prepared_small.examples],
        weights=[1.0] * len(prepared_small.examples),
        groups=["one"] * len(prepared_small.examples),
        retryable=[None] * len(prepared_small.examples),
    )
    assert {} == classifier.held_out
    assert 0.5 == classifier.thresholds.confidence


def test_a_heavier_text_decides() -> None:
    """Of two labels for the same text, the weightier one is learned."""
    signals = [signals_of(f"the {part} is inverted") for part in ("condenser", "condenser", "rotor", "stator")]
    for weights, kind in (([9.0, 1.0, 1.0, 9.0], "a"), ([1.0, 9.0, 9.0, 1.0], "b")):
        fitted = LinearClassifier().fit(
            signals, ["a", "b", "a", "b"], weights=weights, groups=["g"] * 4, retryable=[None] * 4
        )
        assert kind == fitted.predict_many(signals[:1])[0].type


def test_it_learns_whether_a_re_run_helps_beside_the_type(linear_small: LinearClassifier) -> None:
    """Of a text that says so it is sure; of a text that says nothing it says nothing."""
    dns, syntax, nothing = linear_small.predict_many(
        [
            signals_of("curl: (6) Could not resolve host: x"),
            signals_of("ERROR 404 Not Found - GET left-pad"),
            signals_of(""),
        ]
    )
    assert dns.retryable is not None
    assert syntax.retryable is not None
    assert dns.retryable > syntax.retryable
    assert nothing.retryable is None


def test_what_nobody_labelled_is_not_learned() -> None:
    """Without labels for a re-run, or with one only, there is no probability of it."""
    signals = [signals_of(f"the {part} is inverted") for part in ("condenser", "rotor", "condenser", "rotor")]
    for told in (None, True):
        fitted = LinearClassifier().fit(
            signals, ["a", "b", "a", "b"], weights=[1.0] * 4, groups=["g", "h"] * 2, retryable=[told] * 4
        )
        assert fitted.predict_many(signals[:1])[0].retryable is None


def test_held_out_predictions_know_of_re_runs_too(linear_small: LinearClassifier) -> None:
    """So that rules can be judged on them."""
    told = [prediction.retryable for prediction in linear_small.held_out.values() if prediction.abstained != "empty"]
    assert all(chance is None or 0 <= chance <= 1 for chance in told)
    assert any(chance is not None for chance in told)


def test_the_probability_of_a_re_run_survives_saving(linear_small: LinearClassifier, tmp_path: Path) -> None:
    """Saved and loaded, it is the same."""
    signals = [signals_of("connect ECONNREFUSED 10.0.0.1:443")]
    linear_small.save(tmp_path)
    loaded = LinearClassifier.load(tmp_path).predict_many(signals)[0]
    assert linear_small.predict_many(signals)[0].retryable == loaded.retryable
    assert loaded.retryable is not None


def test_an_untrained_classifier_says_so() -> None:
    """Predicting before training is a clear error."""
    with pytest.raises(ModelError, match="not been trained"):
        LinearClassifier().predict_many([signals_of("x")])


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"confidence": "high"}', '{"sharpness": 1}', '{"confidence": null}']
)
@pytest.mark.parametrize("name", ["thresholds.json", "confidence.json"])
def test_damaged_numbers_are_refused(linear_small: LinearClassifier, tmp_path: Path, name: str, content: str) -> None:
    """A model without sensible limits is none."""
    linear_small.save(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(ModelError, match=name):
        LinearClassifier.load(tmp_path)


def test_loading_never_touches_the_pickle(
    linear_small: LinearClassifier, prepared_small: Prepared, tmp_path: Path
) -> None:
    """Rubbish in the place of the pipeline changes nothing."""
    linear_small.save(tmp_path)
    (tmp_path / "model.joblib").write_bytes(b"rubbish")
    loaded = LinearClassifier.load(tmp_path)
    assert (
        linear_small.predict_many(prepared_small.signals)[0].ranked
        == loaded.predict_many(prepared_small.signals)[0].ranked
    )


def test_training_twice_gives_the_same_model(linear_small: LinearClassifier, prepared_small: Prepared) -> None:
    """Nothing in it is left to chance."""
    again = train_classifier(prepared_small, name="linear")
    assert linear_small.version == again.version
    assert linear_small.predict_many(prepared_small.signals) == again.predict_many(prepared_small.signals)
