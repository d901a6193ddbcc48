"""A training is repeated from the manifest of its model, or it is said what is no longer the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.command_line import Finished, call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.system.jobs import training
from errclass.system.taxonomy_file import DEFAULT

TYPES = ("database", "network", "syntax")


def call(*arguments: object) -> Finished:
    done = call_errclass(*arguments)
    assert 0 == done.code, done.err
    return done


def again(reference: str, *options: str) -> Finished:
    return call_errclass("train", "--again", reference, "--name", "again", "--format", "json", *options)


@pytest.fixture
def trained(tree: Path) -> dict[str, Any]:
    """What ``train`` reported of a model from a file, a folder, a map, a taxonomy and the store."""
    rows = [{"what": e.text, "why": f"team {e.type}"} for e in pick_examples(TYPES, 8)]
    (tree / "history.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for number, example in enumerate(pick_examples(TYPES, 2, start=1)):
        log = tree / "logs" / example.type / f"{number}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(example.text, encoding="utf-8")
    (tree / "map.csv").write_text("".join(f"team {name},{name}\n" for name in TYPES))
    (tree / "types.yaml").write_text(DEFAULT.read_text(encoding="utf-8"))
    call("outcomes", "import", write_jsonl(tree / "past.jsonl", pick_examples(TYPES, 5, start=2)))
    options = ("--text-column", "what", "--label-column", "why", "--map", "map.csv", "--taxonomy", "types.yaml")
    done = call("train", "history.jsonl", "logs", *options, "--no-corpus", "--lean", "--format", "json")
    report: dict[str, Any] = done.json
    return report


def test_the_same_model_comes_out(trained: dict[str, Any], home: Path, tree: Path, monkeypatch: Any) -> None:
    """The same version with the same weights, wherever it is called, and whatever was labelled since."""
    with Store(home / "store") as store:
        store.record(Outcome("later", "the frobnicator is jammed", fingerprint="e" * 16))
        store.label("later", "network")
    (tree / "deep").mkdir()
    monkeypatch.chdir(tree / "deep")
    done = again(trained["model"]["reference"])
    assert (0, "") == (done.code, done.err)
    assert trained["model"]["version"] == done.json["model"]["version"]
    assert trained["training"] == done.json["training"]
    first, second = Path(trained["model"]["folder"]), Path(done.json["model"]["folder"])
    assert first != second
    for name in ("weights.npz", "vocabulary.json", "thresholds.json", "confidence.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_manifest_says_what_was_taken_in(trained: dict[str, Any], tree: Path) -> None:
    """Files with their hashes, options, the store's state, versions."""
    manifest = call("models", "show", trained["model"]["reference"], "--format", "json").json["manifest"]
    recipe = manifest["training"]["recipe"]
    assert [str(tree / "history.jsonl"), str(tree / "logs")] == [entry["path"] for entry in recipe["paths"]]
    assert all(64 == len(entry["sha256"]) for entry in (*recipe["paths"], recipe["map"], recipe["taxonomy"]))
    assert ("what", "why", "linear", True, None) == tuple(
        recipe[key] for key in ("text_column", "label_column", "classifier", "lean", "corpus")
    )
    assert (15, True) == (recipe["store"]["examples"], recipe["store"]["until"].endswith("+00:00"))
    assert {"python", "errclass", "numpy", "scikit-learn"} <= set(manifest["libraries"])


def add_row(tree: Path, home: Path) -> None:
    with (tree / "history.jsonl").open("a") as file:
        file.write('\n{"what": "one more", "why": "team network"}\n')


def add_log(tree: Path, home: Path) -> None:
    (tree / "logs" / "network" / "99.log").write_text("link down")


def rename_log(tree: Path, home: Path) -> None:
    next((tree / "logs" / "network").iterdir()).rename(tree / "logs" / "syntax" / "moved.log")


def change_map(tree: Path, home: Path) -> None:
    (tree / "map.csv").write_text("team network,network\nteam syntax,syntax\nteam database,system\n")


def change_types(tree: Path, home: Path) -> None:
    content = yaml.safe_load((tree / "types.yaml").read_text())
    content["types"]["licence"] = {"category": "persistent", "meaning": "a licence is missing"}
    (tree / "types.yaml").write_text(yaml.safe_dump(content, sort_keys=False))


def lose_labels(tree: Path, home: Path) -> None:
    for file in (home / "store").iterdir():
        file.unlink()


CHANGES: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "a row": (add_row, "history.jsonl has changed"),
    "a log": (add_log, "logs has changed"),
    "a log's label": (rename_log, "logs has changed"),
    "the map": (change_map, "map.csv has changed"),
    "the types": (change_types, "types.yaml have changed"),
    "the store": (lose_labels, "15 then, 0 now"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_has_changed_is_named(name: str, trained: dict[str, Any], home: Path, tree: Path) -> None:
    """One line, before anything is trained; nothing is written."""
    change, words = CHANGES[name]
    change(tree, home)
    done = again(trained["model"]["reference"])
    assert (1, "", 1, True) == (done.code, done.out, done.err.count("\n"), words in done.err)
    assert not (home / "models" / "again").exists()


def test_all_changes_are_named(trained: dict[str, Any], home: Path, tree: Path) -> None:
    """Not only the first."""
    for change in (add_row, change_map, lose_labels):
        change(tree, home)
    message = again(trained["model"]["reference"]).err
    assert [True] * 3 == [words in message for words in ("history.jsonl", "map.csv", "then, 0 now")]


@pytest.mark.parametrize("name", ["history.jsonl", "map.csv", "types.yaml"])
def test_what_is_gone_is_named(name: str, trained: dict[str, Any], tree: Path) -> None:
    """As in any training."""
    (tree / name).unlink()
    done = again(trained["model"]["reference"])
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), name in done.err)


def test_another_corpus_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with errclass, and another version has another."""
    few = training.load_bundled
    monkeypatch.setattr(training, "load_bundled", lambda taxonomy: few(taxonomy)[::100])
    options = ("--no-store", "--classifier", "bayes", "--format", "json")
    reference = call("train", *options).json["model"]["reference"]
    assert 0 == again(reference).code
    monkeypatch.setattr(training, "load_bundled", lambda taxonomy: few(taxonomy)[::99])
    done = again(reference)
    assert (1, True) == (done.code, "the texts that come with errclass are others" in done.err)


def test_other_libraries_are_a_warning(trained: dict[str, Any]) -> None:
    """The same texts make the same version; the last digits of the weights may differ."""
    path = Path(trained["model"]["folder"]) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["libraries"]["scikit-learn"] = "1.4.0"
    path.write_text(json.dumps(manifest))
    done = again(trained["model"]["reference"])
    assert (0, True) == (done.code, "trained with scikit-learn 1.4.0" in done.err)


@pytest.mark.parametrize("option", [("--no-corpus",), ("--classifier", "bayes"), ("--lean",), ("history.jsonl",)])
def test_again_takes_everything_from_the_model(option: tuple[str, ...], trained: dict[str, Any]) -> None:
    """Another option would make another model."""
    done = again(trained["model"]["reference"], *option)
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), "--again" in done.err)


@pytest.mark.parametrize("reference", ["nothing", ""])
def test_again_needs_a_model(reference: str, trained: dict[str, Any]) -> None:
    """One that is there."""
    assert (2, True) == ((done := again(reference)).code, "names no model" in done.err)


@pytest.mark.parametrize("recipe", [None, 3, {}, {"paths": 3}, {"paths": [], "store": 3}])
def test_a_manifest_that_does_not_say_how_is_told(recipe: Any, trained: dict[str, Any]) -> None:
    """As those of earlier versions."""
    path = Path(trained["model"]["folder"]) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["training"]["recipe"] = recipe
    path.write_text(json.dumps(manifest))
    done = again(trained["model"]["reference"])
    assert (1, 1, True) == (done.code, done.err.count("\n"), "does not say how" in done.err)
