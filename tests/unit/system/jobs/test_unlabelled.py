"""What the store teaches about causes that nobody labelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from errclass.classify.weak_labels import WEIGHTS
from errclass.core.happenings import Attempt
from errclass.core.types import Decision, Label, Outcome
from errclass.outcomes import Store
from errclass.outcomes.weights import SOURCE_WEIGHTS
from errclass.system.jobs import unlabelled
from errclass.system.jobs.training import TrainOptions, gather_examples, train_model
from errclass.system.jobs.unlabelled import gather_unlabelled
from errclass.system.taxonomy_file import load_taxonomy

TAXONOMY = load_taxonomy()
CODE = "connect ECONNREFUSED 10.0.0.1:443"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        yield opened


def record(store: Store, name: str, text: str = CODE, kind: str | None = None, *labels: Label) -> None:
    decision = Decision("c", kind, "low", True, 0.9, "x") if kind else None
    store.record(Outcome(name, text, fingerprint=name * 16, decision=decision, labels=labels, tool="npm"))


def test_exact_codes_label_what_nobody_labelled(store: Store) -> None:
    """Weighed as weak labels of the store; what has no code is left out."""
    for name, text in (("a", CODE), ("b", "it just stopped")):
        record(store, name, text)
    (example,) = gather_unlabelled(store, TAXONOMY)
    assert (CODE, "network", None, "npm", "weak") == (
        example.text, example.type, example.retryable, example.tool, example.source,
    )  # fmt: skip
    assert example.weight in {weight * SOURCE_WEIGHTS["weak"] for weight in WEIGHTS.values()}


def test_reruns_come_before_codes(store: Store) -> None:
    """Each cause is one example at most."""
    record(store, "a", CODE, "temporary")
    store.record_attempt(Attempt("r", True, failure_id="a"))
    (example,) = gather_unlabelled(store, TAXONOMY)
    assert ("temporary", True, "outcome") == (example.type, example.retryable, example.source)


@pytest.mark.parametrize("kind", ["test", "of another taxonomy"])
def test_a_type_that_does_not_pass_by_itself_is_no_evidence(store: Store, kind: str) -> None:
    """The taxonomy says which do; one that it does not have teaches nothing."""
    record(store, "a", "it just stopped", kind)
    store.record_attempt(Attempt("r", True, failure_id="a"))
    assert [] == gather_unlabelled(store, TAXONOMY)


def test_labelled_causes_are_not_guessed_at(store: Store) -> None:
    """Whoever labelled them."""
    record(store, "a", CODE, None, Label("test", "weak"))
    assert [] == gather_unlabelled(store, TAXONOMY)


def test_the_number_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of years does not make training wait."""
    monkeypatch.setattr(unlabelled, "WEAK_CAUSES", 3)
    for name in "abcde":
        record(store, name)
    assert 3 == len(gather_unlabelled(store, TAXONOMY))


def test_training_hears_them_and_tells_of_disagreements(store: Store) -> None:
    """By source, in the report."""
    for number, name in enumerate("abcdef"):
        record(store, name, f"step {name} went wrong", None, Label(("network", "syntax")[number % 2], "import"))
    store.label("a", "test", author="bob")
    record(store, "x", CODE)
    record(store, "y", "it just stopped", "temporary")
    store.record_attempt(Attempt("r", True, failure_id="y"))
    trained = train_model(TrainOptions(use_corpus=False, classifier="bayes"), TAXONOMY, store)
    report = trained.report()
    assert {"outcome": 1, "store": 6, "weak": 1} == report["training"]["by_source"]
    assert 1 == report["disagreements"]


def test_without_the_store_there_is_none(store: Store) -> None:
    """Nor a disagreement."""
    record(store, "x", CODE)
    gathered = gather_examples(TrainOptions(use_corpus=False), TAXONOMY, None)
    assert ([], 0) == (gathered.examples, gathered.disagreements)
