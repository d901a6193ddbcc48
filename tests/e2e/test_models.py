"""``errclass models``: what is on the shelf, and what is never loaded."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from pathlib import Path

import pytest
from support.command_line import call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.system.model_shelf import DEFAULT_MODEL

FAILURE = b"curl: (7) Failed to connect to registry.example.com port 443: Connection refused\n"


class Bomb:
    """Create a file when unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, int]]:
        return os.mkdir, (str(self.mark), 0o700)


def test_the_bomb_of_these_tests_works(tmp_path: Path) -> None:
    """Otherwise nothing below would prove anything."""
    pickle.loads(pickle.dumps(Bomb(tmp_path / "mark")))
    assert (tmp_path / "mark").exists()


def copy_model(source: Path, place: Path) -> Path:
    shutil.copytree(source, place)
    return place


def replace_file(folder: Path, name: str, data: bytes, *, classifier: str | None = None) -> None:
    """Put a file into a model so that the manifest agrees."""
    (folder / name).write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256(data).hexdigest()
    manifest["classifier"] = classifier or manifest["classifier"]
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_the_shelf_is_listed(promoted: str, home: Path) -> None:
    """Each with its reference; the one in use is marked."""
    entry = next(
        row for row in call_errclass("models", "list", "--format", "json").json if row["reference"] == promoted
    )
    assert (True, "linear", 80, str(home / "models" / promoted)) == tuple(
        entry[key] for key in ("promoted", "classifier", "examples", "folder")
    )
    assert promoted in call_errclass("models", "list").out


def test_an_empty_shelf_is_listed_too(home: Path) -> None:
    """Nothing there is no fault, and looking creates nothing."""
    done = call_errclass("models", "list", "--format", "json")
    assert (0, ["shipped"] if DEFAULT_MODEL.exists() else []) == (done.code, [row["reference"] for row in done.json])
    assert not home.exists()


def test_a_model_shows_its_card_and_its_figures(promoted: str, home: Path) -> None:
    """The card for people; manifest and metrics for programs."""
    assert call_errclass("models", "show", promoted).out.startswith("#")
    shown = call_errclass("models", "show", "--format", "json").json
    assert {"folder", "manifest", "metrics"} == set(shown)
    assert 0 < shown["metrics"]["accuracy"] <= 1
    assert shown["manifest"]["version"].startswith("linear-")


def test_promotion_changes_the_model_in_use(promoted: str, home: Path, tree: Path) -> None:
    """At once, and for every later call."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(("network", "syntax"), 9))
    report = call_errclass("train", history, "--no-corpus", "--classifier", "bayes", "--format", "json").json
    before = call_errclass("classify", "--format", "json", stdin=FAILURE).json["model_version"]
    assert 0 == call_errclass("models", "promote", report["model"]["version"]).code
    after = call_errclass("classify", "--format", "json", stdin=FAILURE).json["model_version"]
    assert (True, report["model"]["version"]) == (before.startswith("linear-"), after)


@pytest.mark.parametrize("command", ["show", "promote", "trust"])
@pytest.mark.parametrize("reference", ["nothing", "../..", "", "default/"])
def test_a_reference_that_leads_nowhere_is_a_mistake(command: str, reference: str, promoted: str) -> None:
    """One line that lists what there is."""
    done = call_errclass("models", command, reference)
    assert (2, "", 1) == (done.code, done.out, done.err.count("\n"))
    assert promoted in done.err


@pytest.mark.parametrize("source", ["flag", "environment"])
def test_a_missing_model_folder_is_a_mistake(source: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named by flag or by variable."""
    if source == "environment":
        monkeypatch.setenv("ERRCLASS_MODEL", str(tree / "missing"))
    options = ("--model", "missing") if source == "flag" else ()
    done = call_errclass("classify", *options, stdin=FAILURE)
    assert (2, "", 1, True) == (done.code, done.out, done.err.count("\n"), "missing" in done.err)


def test_a_forged_model_is_refused_before_a_byte_is_unpickled(small_model: Path, tree: Path, home: Path) -> None:
    """The manifest agrees with the file, and yet nobody trusted it."""
    model = copy_model(small_model, tree / "theirs")
    replace_file(model, "bayes.joblib", pickle.dumps(Bomb(tree / "mark")), classifier="bayes")
    for arguments in (("classify",), ("explain",), ("classify", "--jsonl")):
        done = call_errclass(*arguments, "--model", "theirs", stdin=b'{"text": "x"}\n')
        assert (1, "", 1) == (done.code, done.out, done.err.count("\n"))
        assert "errclass models trust" in done.err
    for arguments in (("models", "show", "theirs"), ("models", "list")):
        call_errclass(*arguments)
    assert not (tree / "mark").exists()


def test_trust_is_for_the_bytes_not_for_the_place(small_model: Path, tree: Path, home: Path) -> None:
    """What was trusted may be loaded; the same file changed may not."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(("network", "syntax"), 9))
    trained = call_errclass("train", history, "--no-corpus", "--classifier", "bayes", "--out", "theirs")
    assert 0 == trained.code
    (home / "trust.json").unlink()
    assert 1 == call_errclass("classify", "--model", "theirs", stdin=FAILURE).code
    assert "bayes.joblib" in call_errclass("models", "trust", "theirs").out
    assert 0 == call_errclass("classify", "--model", "theirs", stdin=FAILURE).code
    changed = copy_model(tree / "theirs", tree / "changed")
    replace_file(changed, "bayes.joblib", pickle.dumps(Bomb(tree / "mark")))
    assert 1 == call_errclass("classify", "--model", "changed", stdin=FAILURE).code
    assert not (tree / "mark").exists()


def test_a_lean_model_needs_no_trust(small_model: Path, home: Path) -> None:
    """Nothing in it runs code, so there is nothing to trust."""
    done = call_errclass("models", "trust", small_model)
    assert (0, True, False) == (done.code, "nothing to trust" in done.out, (home / "trust.json").exists())


@pytest.mark.parametrize("name", ["weights.npz", "vocabulary.json", "thresholds.json", "confidence.json", "card.md"])
@pytest.mark.parametrize("change", ["append", "empty", "remove"])
def test_a_lean_model_with_a_changed_file_is_refused(name: str, change: str, small_model: Path, tree: Path) -> None:
    """The manifest's hashes are checked before anything is read."""
    model = copy_model(small_model, tree / "model")
    if change == "remove":
        (model / name).unlink()
    else:
        (model / name).write_bytes((model / name).read_bytes() + b" " if change == "append" else b"")
    for arguments in (("classify", "--model", "model"), ("models", "show", "model")):
        done = call_errclass(*arguments, stdin=FAILURE)
        assert (1, "", 1, True) == (done.code, done.out, done.err.count("\n"), name in done.err)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("weights.npz", b"PK\x03\x04 no archive"),
        ("vocabulary.json", b"[]"),
        ("vocabulary.json", b'{"types": ["network"], "blocks": {}}'),
        ("thresholds.json", b"null"),
        ("thresholds.json", b'{"confidence": "high"}'),
        ("metrics.json", b"{"),
    ],
)
def test_a_consistent_but_damaged_model_is_refused(name: str, data: bytes, small_model: Path, tree: Path) -> None:
    """Right hashes do not make a right model."""
    model = copy_model(small_model, tree / "model")
    replace_file(model, name, data)
    arguments = ("models", "show", "model") if name == "metrics.json" else ("classify", "--model", "model")
    done = call_errclass(*arguments, stdin=FAILURE)
    assert (1, "", 1) == (done.code, done.out, done.err.count("\n"))


@pytest.mark.parametrize(
    "manifest",
    [
        "{",
        "[]",
        "null",
        '{"format": 99, "files": {}}',
        '{"format": 2}',
        '{"format": 2, "files": {}}',
        '{"format": 2, "files": {"../../secret": "0"}, "classifier": "linear"}',
        '{"format": 2, "files": {}, "training": [], "classifier": ["linear"]}',
    ],
)
def test_a_damaged_manifest_is_one_clear_line(manifest: str, small_model: Path, tree: Path, home: Path) -> None:
    """Whoever reads it: listing, showing, or using the model."""
    model = copy_model(small_model, home / "models" / "default" / "first")
    (model / "manifest.json").write_text(manifest)
    for arguments in (
        ("classify", "--model", model),
        ("models", "show", model),
        ("models", "list"),
        ("models", "promote", "first"),
    ):
        done = call_errclass(*arguments, stdin=FAILURE)
        assert "Traceback" not in done.err
        assert done.code in ({0, 1, 2} if arguments[0] == "models" else {1, 2})
        assert done.err.count("\n") == (1 if done.code else 0)


@pytest.mark.parametrize(
    "pointer", ["", "{", "[]", '{"model": "default/gone"}', '{"model": "../../theirs"}', '{"model": null}']
)
def test_a_damaged_pointer_is_a_clear_fault_that_promotion_mends(pointer: str, promoted: str, home: Path) -> None:
    """It never falls back silently to another model."""
    (home / "models" / "promoted.json").write_text(pointer)
    done = call_errclass("classify", stdin=FAILURE)
    assert (1, "", 1, True) == (done.code, done.out, done.err.count("\n"), "errclass models promote" in done.err)
    assert 0 == call_errclass("models", "promote", promoted).code
    assert 0 == call_errclass("classify", stdin=FAILURE).code


def test_a_damaged_model_is_not_promoted(promoted: str, small_model: Path, home: Path) -> None:
    """The model in use stays in use."""
    broken = copy_model(small_model, home / "models" / "default" / "second")
    (broken / "weights.npz").write_bytes(b"")
    assert 1 == call_errclass("models", "promote", "default/second").code
    assert promoted in (home / "models" / "promoted.json").read_text()


def test_the_shipped_model_can_be_returned_to(promoted: str, home: Path) -> None:
    """``shipped`` is a reference as well; without a shipped model that is said, and nothing changes."""
    done = call_errclass("models", "promote", "shipped")
    assert (0 if DEFAULT_MODEL.exists() else 1) == done.code
    in_use = json.loads((home / "models" / "promoted.json").read_text())["model"]
    assert ("shipped" if DEFAULT_MODEL.exists() else promoted) == in_use


def test_private_files_are_private(home: Path, tree: Path) -> None:
    """Folders 0700, files 0600: they may hold what logs hold."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(("network", "syntax"), 9))
    assert 0 == call_errclass("train", history, "--no-corpus", "--classifier", "bayes").code
    assert 0 == call_errclass("explain", "--record", stdin=FAILURE).code
    modes = {path: path.stat().st_mode & 0o777 for path in (home, *home.rglob("*"))}
    assert set() == {(path.name, oct(mode)) for path, mode in modes.items() if mode & 0o077}
