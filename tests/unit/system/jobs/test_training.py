"""What is gathered to train on, and what is left out and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.core.types import Label, Outcome
from errclass.outcomes import Store
from errclass.system.jobs.training import TrainOptions, gather_examples, train_model
from errclass.system.taxonomy_file import load_taxonomy

TAXONOMY = load_taxonomy()
ROWS = [
    {"text": f"{text} {name}", "label": label}
    for name in "abcdef"
    for text, label in (("npm failed to reach the mirror", "network"), ("SyntaxError: invalid syntax in", "syntax"))
]

Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write rows as a history file."""

    def write_rows(*rows: object, name: str = "history.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        return path

    return write_rows


def options(*paths: Path, **others: object) -> TrainOptions:
    return TrainOptions(paths, use_corpus=False, **others)  # type: ignore[arg-type]


def test_labels_of_the_taxonomy_are_taken(write: Writer) -> None:
    """With whether the user saw a re-run help."""
    file = write({"text": "a", "label": "Network", "retryable": True, "tool": "npm"}, {"text": "b", "label": "test"})
    gathered = gather_examples(options(file), TAXONOMY, None)
    assert [("a", "network", True, "npm", "user"), ("b", "test", None, None, "user")] == [
        (e.text, e.type, e.retryable, e.tool, e.source) for e in gathered.examples
    ]


def test_codes_label_what_nobody_labelled(write: Writer) -> None:
    """At less weight than a person; what has no code either is left out and counted."""
    file = write(*ROWS, {"text": "connect ECONNREFUSED 10.0.0.1:443"}, {"text": "it just stopped"})
    gathered = gather_examples(options(file), TAXONOMY, None)
    (weak,) = [example for example in gathered.examples if example.source == "weak"]
    assert ("network", True) == (weak.type, 0 < weak.weight < 1)
    assert (1, 1) == (gathered.weak, gathered.unlabelled)


def test_foreign_labels_are_counted_and_may_be_mapped(write: Writer) -> None:
    """Until the map knows them they teach nothing."""
    file = write(*ROWS, {"text": "odd", "label": "gremlins"}, {"text": "odder", "label": "gremlins"})
    plain = gather_examples(options(file), TAXONOMY, None)
    mapped = gather_examples(options(file, mapping={"Gremlins": "system"}), TAXONOMY, None)
    assert ({"gremlins": 2}, 2, {}) == (plain.foreign, plain.unlabelled, mapped.foreign)
    assert ["system", "system"] == [example.type for example in mapped.examples[-2:]]


def test_rows_that_cannot_be_read_are_kept_by_file(write: Writer, tmp_path: Path) -> None:
    """Only files with such rows are named."""
    good, bad = write(*ROWS), write(*ROWS, ["no object"], name="bad.jsonl")
    assert [str(bad)] == list(gather_examples(options(good, bad), TAXONOMY, None).skipped)


def test_the_store_is_taken_in(write: Writer, tmp_path: Path) -> None:
    """Labels outside the taxonomy are not."""
    with Store(tmp_path / "store") as store:
        for number, kind in enumerate(("database", "of another taxonomy")):
            label = Label(kind, "human")
            store.record(Outcome(id=str(number), text=f"text {number}", fingerprint=f"{number:016}", labels=(label,)))
        gathered = gather_examples(options(), TAXONOMY, store)
    assert [("text 0", "database", "store")] == [(e.text, e.type, e.source) for e in gathered.examples]


def test_a_store_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    """Nor is it created."""
    assert [] == gather_examples(options(), TAXONOMY, Store(tmp_path / "store")).examples
    assert not (tmp_path / "store").exists()


def test_the_corpus_is_added_unless_left_out() -> None:
    """It is what a new user trains on."""
    assert {"corpus"} <= {example.source for example in gather_examples(TrainOptions(), TAXONOMY, None).examples}


@pytest.mark.parametrize("label", ["network", "gremlins"])
def test_one_label_alone_is_refused_also_beside_the_corpus(label: str, write: Writer) -> None:
    """It is a wrong column far more often than a wish."""
    file = write(*({"text": f"step {n} went wrong", "label": label} for n in range(5)))
    with pytest.raises(UsageError, match=label):
        gather_examples(TrainOptions((file,)), TAXONOMY, None)


def test_unlabelled_history_is_no_single_label(write: Writer) -> None:
    """Weak labels may well all say the same."""
    file = write(*({"text": f"connect ECONNREFUSED 10.0.0.{n}:443"} for n in range(3)))
    assert 3 == gather_examples(options(file), TAXONOMY, None).weak


def test_long_texts_keep_their_end(write: Writer) -> None:
    """That is where failures explain themselves."""
    file = write(*ROWS, {"text": "x" * 300_000 + " the end", "label": "test"})
    text = gather_examples(options(file), TAXONOMY, None).examples[-1].text
    assert (200_000, True) == (len(text), text.endswith("the end"))


def test_a_report_accounts_for_everything(write: Writer) -> None:
    """Training with progress told step by step."""
    steps: list[tuple[str, int, int]] = []
    trained = train_model(
        options(write(*ROWS), classifier="bayes"),
        TAXONOMY,
        None,
        progress=lambda step, done, total: steps.append((step, done, total)),
    )
    report = json.loads(json.dumps(trained.report()))
    assert ("bayes", 12, {"network": 6, "syntax": 6}) == (
        report["classifier"],
        report["training"]["examples"],
        report["training"]["by_type"],
    )
    assert [("reading", 1, 12), ("reading", 12, 12), ("training", 0, 0)] == [steps[0], steps[-2], steps[-1]]


def test_nothing_to_learn_is_refused() -> None:
    """No paths, no corpus, no store."""
    with pytest.raises(UsageError, match="nothing to learn"):
        train_model(options(), TAXONOMY, None)
