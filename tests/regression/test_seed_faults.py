"""Faults of the system that errclass was modelled on must not come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import errclass
from errclass.classify.artefact import MANIFEST, load_model
from errclass.classify.classifier import Classifier
from errclass.classify.training import prepare_examples, signals_of, train_classifier
from errclass.core.types import Example, Prediction

MODULE_NOT_FOUND = (
    "Traceback (most recent call last):\n"
    '  File "/srv/app/main.py", line 3, in <module>\n'
    "    import yaml\n"
    "ModuleNotFoundError: No module named 'yaml'"
)
UNKNOWN_TO_THE_SEED = {
    "No space left on device": ("write /var/lib/docker/tmp/x: No space left on device", "resource"),
    "ETIMEDOUT": ("Error: connect ETIMEDOUT 104.16.3.35:443", "network"),
    "Read timed out": ("requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='pypi.org', port=443): Read timed out. (read timeout=15)", "network"),
    "Could not resolve host": ("fatal: unable to access 'https://github.com/acme/app.git/': Could not resolve host: github.com", "network"),
    "npm 404": ("npm ERR! code E404\nnpm ERR! 404 Not Found - GET https://registry.npmjs.org/@acme%2fui - Not found", "dependency"),
    "exit code 137": ("The command '/bin/sh -c npm run build' returned a non-zero code: 137\nProcess exited with exit code 137", "resource"),
    "Docker daemon down": (
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", None,
    ),
    "job timeout": ("ERROR: Job failed: execution took longer than 1h0m0s seconds", "temporary"),
    "job timeout on GitHub": ("The job running on runner GitHub Actions 12 has exceeded the maximum execution time of 360 minutes.", "temporary"),
}  # fmt: skip


@pytest.fixture(scope="session")
def classifier(corpus: list[Example]) -> Classifier:
    """Return the shipped model; before there is one, a quick one trained on a part of the corpus."""
    shipped = Path(errclass.__file__).parent / "models" / "default"
    if (shipped / MANIFEST).is_file():
        return load_model(shipped).classifier
    # One group: nothing is held out for calibration, which would take four times as long.
    return train_classifier(prepare_examples([replace(example, tool="all") for example in corpus[::2]]))


def predict(classifier: Classifier, text: str) -> Prediction:
    return classifier.predict_many([signals_of(text)])[0]


def types_of(text: str) -> set[str | None]:
    return {hit.type for hit in signals_of(text).codes}


def test_a_missing_module_is_no_network_failure(classifier: Classifier) -> None:
    """The seed found ENOTFOUND inside ModuleNotFoundError."""
    assert "network" not in types_of(MODULE_NOT_FOUND)
    assert "dependency" == predict(classifier, MODULE_NOT_FOUND).type


@pytest.mark.parametrize(
    "name",
    [
        "test_429_rate_limit",
        "test_connection_refused",
        "test_ECONNRESET",
        "test_no_space_left_on_device",
        "test_timeout_is_raised",
    ],
)
def test_the_name_of_a_passing_test_is_no_evidence(classifier: Classifier, name: str) -> None:
    """Only the failing one counts."""
    failure = "E       AssertionError: assert 'a' == 'b'\nFAILED tests/test_cart.py::test_total - AssertionError: assert 'a' == 'b'"
    log = "\n".join([*(f"tests/test_net.py::{name}_{n} PASSED [ 10%]" for n in range(8)), failure])
    assert types_of(failure) == types_of(log)
    assert predict(classifier, failure).type == predict(classifier, log).type == "test"


@pytest.mark.parametrize(
    "failure",
    [
        MODULE_NOT_FOUND,
        "Error: connect ETIMEDOUT 104.16.3.35:443",
        "src/cart.c:12:5: error: expected ';' before 'return'",
    ],
)
@pytest.mark.parametrize("size", [20, 400, 3000])
def test_healthy_lines_around_a_failure_do_not_change_the_answer(
    classifier: Classifier, failure: str, size: int
) -> None:
    """The seed's confidence fell as the log grew."""
    healthy = [f"[{number}/{size}] compiled module_{number} in 0.{number % 10} s" for number in range(size)]
    half = len(healthy) // 2
    log = "\n".join([*healthy[:half], failure, *healthy[half:]])
    alone, inside = predict(classifier, failure), predict(classifier, log)
    assert alone.type == inside.type
    assert inside.confidence == pytest.approx(alone.confidence, abs=0.1)


@pytest.mark.parametrize(("text", "kind"), UNKNOWN_TO_THE_SEED.values(), ids=UNKNOWN_TO_THE_SEED)
def test_what_the_seed_did_not_know_is_known(text: str, kind: str | None) -> None:
    """Exact evidence with a type, before any statistics."""
    found = types_of(text) - {None}
    assert found if kind is None else kind in found


def test_a_java_heap_that_is_full_is_a_matter_of_resources(classifier: Classifier) -> None:
    """The seed called it a failure of the system only."""
    assert (
        "resource" == predict(classifier, 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space').type
    )
