"""A model folder is written whole, checked before use, and never unpickled untrusted."""

from __future__ import annotations

import json
import pickle
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from errclass.classify.artefact import (
    MANIFEST,
    hash_examples,
    hash_file,
    load_joblib,
    load_model,
    pickled_files,
    read_manifest,
    save_model,
)
from errclass.classify.bayes import BayesClassifier
from errclass.classify.linear import LinearClassifier
from errclass.classify.training import Prepared, describe_training, train_classifier
from errclass.core.errors import ModelError, UntrustedError, UsageError
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Example


class Trap:
    """Unpickling this creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return (open, (str(self.path), "w"))


@pytest.fixture(scope="session")
def saved(
    linear_small: LinearClassifier,
    prepared_small: Prepared,
    taxonomy: Taxonomy,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return a folder with a saved model, not to be changed."""
    folder = tmp_path_factory.mktemp("models") / "small"
    return save(linear_small, folder, "linear", prepared_small, taxonomy)


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """Return a copy of a saved model."""
    return Path(shutil.copytree(saved, tmp_path / "model"))


def save(
    classifier: Any, folder: Path, name: str, prepared: Prepared, taxonomy: Taxonomy, *, lean: bool = False
) -> Path:
    training = describe_training(prepared)
    return save_model(
        classifier, folder, name=name, taxonomy=taxonomy, training=training, metrics={}, card="# card\n", lean=lean
    )


def change_manifest(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**manifest, **changes}), encoding="utf-8")


def rehash(folder: Path, name: str) -> None:
    """Make the manifest agree with a changed file, as a forger would."""
    files = read_manifest(folder)["files"]
    change_manifest(folder, files={**files, name: hash_file(folder / name)})


def test_a_saved_model_loads_and_predicts_the_same(
    folder: Path, linear_small: LinearClassifier, prepared_small: Prepared, taxonomy: Taxonomy
) -> None:
    """Version, taxonomy and every prediction come back."""
    model = load_model(folder)
    assert linear_small.version == model.version == model.classifier.version
    assert taxonomy.to_dict() == model.taxonomy.to_dict()
    assert linear_small.predict_many(prepared_small.signals) == model.classifier.predict_many(prepared_small.signals)


def test_the_manifest_says_what_the_model_is(folder: Path, prepared_small: Prepared) -> None:
    """Format, classifier, libraries, data and the hash of every other file."""
    manifest = read_manifest(folder)
    assert (2, "linear") == (manifest["format"], manifest["classifier"])
    assert {"errclass", "numpy", "scikit-learn"} <= set(manifest["libraries"])
    assert hash_examples(prepared_small.examples) == manifest["training"]["fingerprint"]
    files = {path.name for path in folder.iterdir()} - {MANIFEST}
    assert {name: hash_file(folder / name) for name in files} == manifest["files"]


def test_only_the_owner_may_read_a_model(saved: Path) -> None:
    """Texts of one's own logs stand behind it."""
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in saved.iterdir()}


def test_the_folders_above_a_model_are_made_for_the_owner_only(
    tmp_path: Path, prepared_small: Prepared, taxonomy: Taxonomy
) -> None:
    """The first training may make the home."""
    classifier = train_classifier(prepared_small, name="bayes")
    place = tmp_path / "home" / "models" / "bayes" / "1"
    save_model(classifier, place, name="bayes", taxonomy=taxonomy, training={}, metrics={}, card="")
    above = [place.parents[number] for number in range(3)]
    assert [0o700] * 3 == [stat.S_IMODE(path.stat().st_mode) for path in above]


def test_a_model_replaces_the_one_before(folder: Path, prepared_small: Prepared, taxonomy: Taxonomy) -> None:
    """Nothing of the old one stays, and nothing lies around."""
    save(train_classifier(prepared_small, name="bayes"), folder, "bayes", prepared_small, taxonomy)
    assert "bayes" == read_manifest(folder)["classifier"]
    assert not (folder / "weights.npz").exists()
    assert ["model"] == [path.name for path in folder.parent.iterdir()]


def test_a_failed_save_leaves_the_old_model(folder: Path, prepared_small: Prepared, taxonomy: Taxonomy) -> None:
    """A model is written whole or not at all."""

    class Broken(BayesClassifier):
        def save(self, folder: Path) -> None:
            (folder / "half").write_text("x")
            raise OSError(28, "No space left on device")

    before = hash_file(folder / MANIFEST)
    with pytest.raises(OSError, match="No space"):
        save(Broken(), folder, "bayes", prepared_small, taxonomy)
    assert before == hash_file(folder / MANIFEST)
    assert ["model"] == [path.name for path in folder.parent.iterdir()]


@pytest.mark.parametrize(
    "name",
    ["weights.npz", "vocabulary.json", "thresholds.json", "confidence.json", "card.md", "metrics.json", "model.joblib"],
)
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    """One byte more is a change."""
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=f"{name}: changed"):
        load_model(folder)


def test_a_file_that_the_manifest_does_not_name_is_refused(folder: Path) -> None:
    """What no hash covers is not loaded, wherever it came from."""
    (folder / "extra.npz").write_bytes(b"")
    with pytest.raises(ModelError, match=r"extra\.npz: not named"):
        load_model(folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    """All or nothing."""
    (folder / "card.md").unlink()
    with pytest.raises(ModelError, match=r"card\.md: missing"):
        load_model(folder)


@pytest.mark.parametrize("name", ["../outside", "a/../../outside", "/etc/hostname"])
def test_a_path_that_leaves_the_folder_is_refused(folder: Path, name: str) -> None:
    """Even where the file outside is there and its hash is right."""
    (folder.parent / "outside").write_text("x")
    files = read_manifest(folder)["files"]
    change_manifest(folder, files={**files, name: hash_file(folder.parent / "outside")})
    with pytest.raises(ModelError, match="leaves the model's folder"):
        load_model(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"42", b"\xff\xfe\x00", b"[" * 200_000, b'{"format": 2}', b'{"format": 2, "files": []}'],
)
def test_a_damaged_manifest_is_refused(folder: Path, content: bytes) -> None:
    """The error is one kind and names the file."""
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(ModelError, match=MANIFEST):
        load_model(folder)


def test_an_oversized_manifest_is_refused_unread(folder: Path) -> None:
    """No manifest is that large."""
    with (folder / MANIFEST).open("r+b") as file:
        file.truncate(9 << 20)
    with pytest.raises(ModelError, match="larger"):
        load_model(folder)


@pytest.mark.parametrize(
    "content", [None, {}, [], {"types": {}}, {"types": {"network": {"category": "x"}}, "categories": {}}]
)
def test_a_damaged_taxonomy_is_refused(folder: Path, content: object) -> None:
    """It belongs to the model, so the model is damaged."""
    change_manifest(folder, taxonomy=content)
    with pytest.raises(ModelError, match=MANIFEST):
        load_model(folder)


@pytest.mark.parametrize("number", [0, 1, 3, "2", None])
def test_another_format_is_refused(folder: Path, number: object) -> None:
    """It says which format it is and what to do."""
    change_manifest(folder, format=number)
    with pytest.raises(ModelError, match=f"format {number}.*train the model again"):
        load_model(folder)


def test_no_model_is_no_model(tmp_path: Path) -> None:
    """An empty folder and none at all say so."""
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ModelError, match="no model here"):
            load_model(place)


def test_a_classifier_that_is_not_installed_is_named(folder: Path) -> None:
    """The model's plug-in may be missing on this machine."""
    change_manifest(folder, classifier="oracle")
    with pytest.raises(UsageError, match="oracle"):
        load_model(folder)


@pytest.fixture
def bayes_folder(prepared_small: Prepared, taxonomy: Taxonomy, tmp_path: Path) -> Path:
    """Return a model that cannot be loaded without unpickling."""
    return save(train_classifier(prepared_small, name="bayes"), tmp_path / "bayes", "bayes", prepared_small, taxonomy)


def test_a_pickled_model_needs_trust(bayes_folder: Path, prepared_small: Prepared) -> None:
    """Its hash must be known; then it loads."""
    with pytest.raises(UntrustedError, match="models trust"):
        load_model(bayes_folder)
    trusted = {hash_file(path) for path in pickled_files(bayes_folder)}
    assert 40 == len(load_model(bayes_folder, trusted=trusted).classifier.predict_many(prepared_small.signals))


def test_a_forged_pickle_is_refused_before_a_byte_runs(bayes_folder: Path, tmp_path: Path) -> None:
    """The forger changed the manifest as well; the old file's trust does not help."""
    trusted = {hash_file(path) for path in pickled_files(bayes_folder)}
    trap = tmp_path / "ran"
    (bayes_folder / "bayes.joblib").write_bytes(pickle.dumps(Trap(trap)))
    rehash(bayes_folder, "bayes.joblib")
    with pytest.raises(UntrustedError):
        load_model(bayes_folder, trusted=trusted)
    assert not trap.exists()


def test_a_forged_pickle_beside_a_lean_model_never_runs(folder: Path, tmp_path: Path) -> None:
    """The lean form does not look at it, trusted or not."""
    trap = tmp_path / "ran"
    (folder / "model.joblib").write_bytes(pickle.dumps(Trap(trap)))
    rehash(folder, "model.joblib")
    load_model(folder, trusted={hash_file(folder / "model.joblib")})
    assert not trap.exists()


def test_a_trusted_trap_does_run(tmp_path: Path) -> None:
    """The pickle of these tests is one that works."""
    trap, path = tmp_path / "ran", tmp_path / "x.joblib"
    path.write_bytes(pickle.dumps(Trap(trap)))
    load_joblib(path, trusted={hash_file(path)}).close()
    assert trap.exists()


def test_a_pickle_that_is_not_there_is_an_error_of_the_model(tmp_path: Path) -> None:
    """It cannot be read."""
    with pytest.raises(ModelError, match="cannot be read"):
        load_joblib(tmp_path / "none.joblib", trusted=())


def test_a_pickle_of_other_libraries_is_an_error_of_the_model(tmp_path: Path) -> None:
    """A trusted one that needs what is not installed."""
    path = tmp_path / "x.joblib"
    path.write_bytes(b"cno_such_module\nX\n.")
    with pytest.raises(ModelError, match="no_such_module"):
        load_joblib(path, trusted={hash_file(path)})


def test_a_lean_save_has_nothing_to_trust(
    linear_small: LinearClassifier, prepared_small: Prepared, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    """It predicts the same without the pickled pipeline."""
    folder = save(linear_small, tmp_path / "lean", "linear", prepared_small, taxonomy, lean=True)
    assert [] == pickled_files(folder)
    assert linear_small.predict_many(prepared_small.signals) == load_model(folder).classifier.predict_many(
        prepared_small.signals
    )


def test_a_classifier_without_a_lean_form_is_not_saved_lean(
    prepared_small: Prepared, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    """The error names it, and nothing is written."""
    with pytest.raises(UsageError, match="'bayes' has no lean form"):
        save(
            train_classifier(prepared_small, name="bayes"),
            tmp_path / "lean",
            "bayes",
            prepared_small,
            taxonomy,
            lean=True,
        )
    assert [] == list(tmp_path.iterdir())


def test_the_fingerprint_of_data_knows_no_order() -> None:
    """Another order is the same data; another text, type, weight or tool is other data."""
    first, second = Example("x", "a"), Example("y", "b")
    assert hash_examples([first, second]) == hash_examples([second, first])
    others = [Example("z", "a"), Example("x", "b"), Example("x", "a", weight=0.5), Example("x", "a", tool="npm")]
    assert 5 == len({hash_examples([one]) for one in [first, *others]})
