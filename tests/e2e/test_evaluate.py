"""``errclass models evaluate``: how right the model in use is, on failures whose causes are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command_line import call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.classify.bundled import load_bundled
from errclass.core.types import Example
from errclass.system.jobs import evaluating

pytestmark = pytest.mark.usefixtures("use_small_model")

ROWS = [
    {"text": "could not translate host name db to address: Name or service not known", "label": "network"},
    {"text": "ERROR: duplicate key value violates unique constraint users_email_key", "label": "database"},
    {"text": "SyntaxError: invalid syntax (settings.py, line 12)", "label": "syntax", "retryable": False},
    {
        "text": "write error: No space left on device, 0 bytes free of /var/builds",
        "label": "resource",
        "retryable": False,
    },
]
FIGURES = {"accuracy", "macro_f1", "brier_skill", "calibration_error", "coverage_at_2", "coverage_at_5", "microseconds"}


@pytest.fixture
def labelled(tree: Path) -> Path:
    """Four failures whose causes are known."""
    path = tree / "labelled.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_the_figures_are_shown(labelled: Path, home: Path) -> None:
    """One line for the model, a table of types, what is said of re-runs; nothing is written."""
    done = call_errclass("models", "evaluate", labelled)
    assert (0, "") == (done.code, done.err)
    for shown in ("errclass", "accuracy", "macro-F1", "Brier skill", "ECE", "precision", "2 texts", "us per text"):
        assert shown in done.out
    assert "majority" not in done.out
    assert not home.exists()


def test_json_has_everything(labelled: Path, use_small_model: Path) -> None:
    """Figures of the model in use, by type, its mistakes, its re-runs."""
    report = call_errclass("models", "evaluate", labelled, "--format", "json").json
    (ours,) = report["results"]
    assert set(ours) >= FIGURES
    assert 4 == report["examples"] == sum(score["examples"] for score in ours["types"])
    assert round(4 * (1 - ours["accuracy"])) == sum(mistake["examples"] for mistake in report["confusions"])
    assert 2 == report["retry"]["examples"]
    assert json.loads((use_small_model / "manifest.json").read_text())["version"] == report["model"]


def test_it_measures_what_classify_answers(labelled: Path) -> None:
    """The same decisions, rules and all."""
    answers = call_errclass("classify", "--jsonl", stdin=labelled.read_bytes()).lines
    right = sum(answer["type"] == row["label"] for answer, row in zip(answers, ROWS, strict=True))
    report = call_errclass("models", "evaluate", labelled, "--format", "json").json
    assert right / 4 == report["results"][0]["accuracy"]


def test_baselines_stand_beside_it(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same figures; here they learn from few texts, which takes less time."""
    monkeypatch.setattr(evaluating, "load_bundled", lambda taxonomy: load_bundled(taxonomy)[::20])
    names = ["errclass", "majority", "the seed's 13 patterns", "TF-IDF + logistic regression"]
    done = call_errclass("models", "evaluate", labelled, "--baselines", "--format", "json")
    assert names == [result["name"] for result in done.json["results"]]
    assert all(set(result) >= FIGURES for result in done.json["results"])


def test_another_model_may_be_named(labelled: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for classify."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(("network", "syntax"), 9))
    assert 0 == call_errclass("train", history, "--no-corpus", "--classifier", "bayes", "--out", "other").code
    report = call_errclass("models", "evaluate", labelled, "--model", "other", "--format", "json").json
    assert report["model"].startswith("bayes-")


def test_columns_and_labels_of_ones_own(tree: Path) -> None:
    """Named and translated as for train."""
    (tree / "own.csv").write_text("what,why\nconnection refused,net\nSyntaxError: bad,code\n", encoding="utf-8")
    (tree / "map.csv").write_text("net,network\ncode,syntax\n", encoding="utf-8")
    options = ("--text-column", "what", "--label-column", "why", "--map", "map.csv", "--format", "json")
    done = call_errclass("models", "evaluate", "own.csv", *options)
    assert (0, "", 2) == (done.code, done.err, done.json["examples"])


def test_what_was_left_out_is_told_apart_from_the_data(labelled: Path) -> None:
    """On standard error, also beside JSON; hostile labels are escaped."""
    with labelled.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": "x", "label": "\x1b[31mgremlins"}) + "\n" + json.dumps({"text": "y"}) + "\nno\n")
    done = call_errclass("models", "evaluate", labelled, "--format", "json")
    assert 4 == done.json["examples"]
    assert "1 skipped: no label (line 6)" in done.err
    assert "1 skipped: broken JSON (line 7)" in done.err
    assert "gremlins" in done.err
    assert "--map" in done.err
    assert "\x1b" not in done.err


def test_many_foreign_labels_are_not_all_told(labelled: Path) -> None:
    """Ten, and how many more; JSON has them all."""
    with labelled.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": "x", "label": f"gremlin {number}"}) + "\n" for number in range(15))
    done = call_errclass("models", "evaluate", labelled, "--format", "json")
    assert (10, True) == (done.err.count("is no type"), "5 more labels" in done.err)
    assert 15 == len(done.json["foreign_labels"])


def test_texts_of_the_training_are_a_warning(tree: Path) -> None:
    """They are measured all the same."""
    seen: list[Example] = pick_examples(("network", "syntax"), 3)
    done = call_errclass("models", "evaluate", write_jsonl(tree / "seen.jsonl", seen))
    assert (0, True) == (done.code, "6 of the 6 texts stand in the texts that come with errclass" in done.err)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ('{"text": "a"}\n', "--label-column"),
        ('{"text": "a", "label": "network"}\n', "'network'"),
        ('{"text": "a", "label": "gremlins"}\n', "--map"),
    ],
)
def test_a_file_that_says_nothing_is_a_mistake(content: str, told: str, tree: Path) -> None:
    """One line that names file and way out."""
    (tree / "rows.jsonl").write_text(content, encoding="utf-8")
    done = call_errclass("models", "evaluate", "rows.jsonl")
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
    assert "rows.jsonl" in done.err
    assert told in done.err


def test_a_damaged_model_is_told(labelled: Path, small_model: Path, tree: Path) -> None:
    """Before anything is measured with it."""
    (tree / "broken").mkdir()
    for file in small_model.iterdir():
        (tree / "broken" / file.name).write_bytes(file.read_bytes())
    (tree / "broken" / "weights.npz").write_bytes(b"")
    done = call_errclass("models", "evaluate", labelled, "--model", "broken")
    assert (1, "", 1, True) == (done.code, done.out, done.err.count("\n"), "broken" in done.err)
