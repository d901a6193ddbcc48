"""What every installed classifier must do, built in or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify.artefact import hash_file, pickled_files
from errclass.classify.classifier import Classifier
from errclass.classify.registry import find_classifier, list_classifiers
from errclass.classify.training import Prepared, signals_of, train_classifier
from errclass.core.errors import ErrclassError, ModelError, UntrustedError
from errclass.core.types import Prediction

TEXTS = [
    "connect ECONNREFUSED 10.0.0.3:5432",
    "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree",
    "FAILED tests/test_cart.py::test_total - assert 3 == 4",
    "qwzx vbnmq plokij",
    "",
    "Process completed with exit code 1.",
    "Build completed successfully",
    "x" * 10_000,
    "fehler: größe überschritten 失败",
]


@pytest.fixture(scope="session", params=list_classifiers())
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each installed classifier in turn."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def trained(name: str, prepared_small: Prepared) -> Classifier:
    """Return it trained on the small set."""
    return train_classifier(prepared_small, name=name)


def predict(classifier: Classifier, texts: list[str]) -> list[Prediction]:
    return classifier.predict_many([signals_of(text) for text in texts])


def reload(classifier: Classifier, folder: Path) -> Classifier:
    classifier.save(folder)
    loaded = type(classifier).load(folder, trusted={hash_file(path) for path in pickled_files(folder)})
    loaded.version = classifier.version
    return loaded


def test_it_offers_the_protocol(trained: Classifier) -> None:
    """All methods are there."""
    assert isinstance(trained, Classifier)


def test_fitting_returns_the_classifier(name: str, prepared_small: Prepared) -> None:
    """So that calls can be chained."""
    classifier: Any = find_classifier(name)()
    size = len(prepared_small.examples)
    types = [example.type for example in prepared_small.examples]
    assert classifier is classifier.fit(
        prepared_small.signals, types, weights=[1.0] * size, groups=prepared_small.groups, retryable=[None] * size
    )


def test_predictions_one_by_one_equal_predictions_together(trained: Classifier) -> None:
    """No text changes the answer to another one."""
    assert [predict(trained, [text])[0] for text in TEXTS] == predict(trained, TEXTS)


def test_no_text_gives_no_prediction(trained: Classifier) -> None:
    """An empty list is answered by one."""
    assert [] == trained.predict_many([])


def check(prediction: Prediction, types: set[str]) -> None:
    probabilities = [item.probability for item in prediction.ranked]
    assert 1.0 == pytest.approx(sum(probabilities))
    assert all(0 <= probability <= 1 for probability in probabilities)
    assert sorted(probabilities, reverse=True) == probabilities
    assert {type(probability) for probability in probabilities} == {float}
    assert types <= {item.type for item in prediction.ranked} <= types | {"unknown"}
    assert len(prediction.ranked) == len({item.type for item in prediction.ranked})


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_probabilities_are_probabilities(trained: Classifier, prepared_small: Prepared, text: str) -> None:
    """All types of the training are ranked, best first, and sum to 1."""
    check(predict(trained, [text])[0], {example.type for example in prepared_small.examples})


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_answered(trained: Classifier, prepared_small: Prepared, text: str) -> None:
    """Hostile text raises nothing."""
    check(predict(trained, [text])[0], {example.type for example in prepared_small.examples})


def test_the_version_is_in_every_prediction(trained: Classifier) -> None:
    """So that an answer can be traced to what gave it."""
    assert trained.version
    assert {trained.version} == {prediction.model_version for prediction in predict(trained, TEXTS)}


def test_it_learns(trained: Classifier, prepared_small: Prepared) -> None:
    """Most of what it was shown it knows again."""
    predictions = trained.predict_many(prepared_small.signals)
    right = [p.type == e.type for p, e in zip(predictions, prepared_small.examples, strict=True)]
    assert sum(right) > 0.8 * len(right)


@pytest.mark.parametrize("text", ["", "Process completed with exit code 1.", "Build completed successfully"])
def test_a_text_that_names_no_cause_is_unknown(trained: Classifier, text: str) -> None:
    """Whatever the statistics say."""
    prediction = predict(trained, [text])[0]
    assert "unknown" == prediction.type
    assert prediction.abstained


def test_saving_and_loading_changes_no_prediction(trained: Classifier, tmp_path: Path) -> None:
    """What was saved is what was trained."""
    assert predict(trained, TEXTS) == predict(reload(trained, tmp_path), TEXTS)


def test_training_is_deterministic(trained: Classifier, name: str, prepared_small: Prepared) -> None:
    """The same data gives the same predictions and the same version."""
    again = train_classifier(prepared_small, name=name)
    assert trained.version == again.version
    assert predict(trained, TEXTS) == predict(again, TEXTS)


def test_nothing_is_unpickled_untrusted(trained: Classifier, tmp_path: Path) -> None:
    """Without trust a classifier loads from plain data or not at all."""
    trained.save(tmp_path)
    for path in pickled_files(tmp_path):
        path.write_bytes(b"cposix\nsystem\n(S'touch ran'\ntR.")
    try:
        loaded = type(trained).load(tmp_path, trusted=())
    except UntrustedError:
        return
    assert predict(trained, TEXTS)[0].ranked == predict(loaded, TEXTS)[0].ranked


def test_an_empty_folder_is_no_model(trained: Classifier, tmp_path: Path) -> None:
    """The error is of a kind that callers know."""
    with pytest.raises(ErrclassError):
        type(trained).load(tmp_path, trusted=())


def test_predicting_untrained_is_an_error(name: str) -> None:
    """Not a guess."""
    with pytest.raises(ModelError):
        find_classifier(name)().predict_many([signals_of("x")])


def test_no_text_of_the_training_is_in_the_model(trained: Classifier, prepared_small: Prepared, tmp_path: Path) -> None:
    """Whoever gets the plain files does not get the logs."""
    trained.save(tmp_path)
    plain = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.json"))
    assert [] == [
        example.text
        for example in prepared_small.examples
        if json.dumps(example.text)[1:-1] in plain and len(example.text) > 40
    ]
