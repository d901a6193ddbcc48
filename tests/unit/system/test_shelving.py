"""Trained models find their place, and only theirs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from errclass.core.errors import UsageError
from errclass.system.jobs.training import Trained
from errclass.system.settings import Settings
from errclass.system.shelving import check_target, shelve_model, trust_model
from errclass.system.trust import TrustStore


@dataclass
class Classifier:
    version: str = "linear-1"


@dataclass
class Trainee:
    """Stand in for a trained model: it writes a manifest and a pickle."""

    classifier: Classifier = field(default_factory=Classifier)

    def save(self, folder: Path, *, lean: bool = False) -> Path:
        folder.mkdir(exist_ok=True)
        files = {} if lean else {"model.joblib": b"pickle"}
        for name, data in files.items():
            (folder / name).write_bytes(data)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        (folder / "manifest.json").write_text(json.dumps({"format": 2, "files": hashes}))
        return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a home of their own."""
    return Settings(home=tmp_path / "home", store=str(tmp_path / "home" / "store"))


def shelve(settings: Settings, version: str = "linear-1", **options: Any) -> dict[str, str]:
    return shelve_model(cast(Trained, Trainee(Classifier(version))), settings, name="default", **options)


def test_the_first_model_is_in_use_and_the_next_a_candidate(settings: Settings) -> None:
    """The candidate's line says how to put it into use."""
    first, second = shelve(settings), shelve(settings, "linear-2")
    assert ("default/linear-1", "in use") == (first["reference"], first["state"])
    assert "errclass models promote default/linear-2" in second["state"]


def test_the_model_in_use_stays_in_use_when_trained_again(settings: Settings) -> None:
    """The same data gives the same version, in the same place."""
    shelve(settings)
    assert "in use" == shelve(settings)["state"]


def test_what_one_trained_oneself_is_trusted(settings: Settings) -> None:
    """By its hash; a lean model holds nothing to trust."""
    shelve(settings, lean=True)
    assert frozenset() == TrustStore(settings.home).model_hashes()
    shelve(settings)
    assert 1 == len(TrustStore(settings.home).model_hashes())


def test_out_leaves_the_shelf_alone(settings: Settings, tmp_path: Path) -> None:
    """The reference is then the folder."""
    placed = shelve(settings, out=tmp_path / "model")
    assert (str(tmp_path / "model"), str(tmp_path / "model")) == (placed["reference"], placed["folder"])
    assert not (settings.home / "models").exists()


def test_folders_of_the_home_are_private(settings: Settings) -> None:
    """All of them, not only the last."""
    shelve(settings)
    for folder in (settings.home, settings.home / "models", settings.home / "models" / "default"):
        assert 0o700 == folder.stat().st_mode & 0o777


def test_a_new_an_empty_and_a_models_folder_may_be_written(settings: Settings, tmp_path: Path) -> None:
    """Nothing of the user's is lost there."""
    (tmp_path / "empty").mkdir()
    shelve(settings, out=tmp_path / "old")
    for name in ("new", "empty", "old"):
        check_target(tmp_path / name)


def test_anything_else_may_not_be_written(settings: Settings, tmp_path: Path) -> None:
    """Saving replaces a folder with all that is in it."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_text("precious")
    for target in (tmp_path / "logs", tmp_path / "logs" / "a.log"):
        with pytest.raises(UsageError, match="other than a model"):
            shelve(settings, out=target)
    assert "precious" == (tmp_path / "logs" / "a.log").read_text()


def test_trusting_names_the_files(tmp_path: Path) -> None:
    """Only those that run code when loaded."""
    (tmp_path / "model").mkdir()
    for name in ("a.joblib", "b.pkl", "weights.npz", "card.md"):
        (tmp_path / "model" / name).write_bytes(name.encode())
    trusted = trust_model(tmp_path / "home", tmp_path / "model")
    assert ["a.joblib", "b.pkl"] == [path.name for path in trusted]
    assert 2 == len(TrustStore(tmp_path / "home").model_hashes())
