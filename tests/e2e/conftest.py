"""A home of errclass per test, and models that are trained once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import call_errclass
from support.corpus import pick_examples, write_jsonl

from errclass.system.deciding import forget_parts
from errclass.system.model_shelf import DEFAULT_MODEL

TYPES = ("database", "network", "resource", "security", "syntax")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, and a working directory that is the root of a repository."""
    for name in [name for name in os.environ if name.startswith("ERRCLASS_") and name != "ERRCLASS_SHARED"]:
        monkeypatch.delenv(name)
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    monkeypatch.chdir(tree)
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    forget_parts()
    yield tmp_path / "home"
    forget_parts()


@pytest.fixture
def tree() -> Path:
    """The working directory."""
    return Path.cwd()


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A linear model of a few types, quickly trained; enough wherever only the way counts, not the judgement."""
    folder = tmp_path_factory.mktemp("small")
    history = write_jsonl(folder / "history.jsonl", pick_examples(TYPES, 16))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ERRCLASS_HOME", str(folder / "home"))
        done = call_errclass("train", history, "--no-corpus", "--no-store", "--lean", "--out", folder / "model")
    assert done.code == 0, done.err
    return folder / "model"


@pytest.fixture
def use_small_model(small_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small model, in use."""
    monkeypatch.setenv("ERRCLASS_MODEL", str(small_model))
    return small_model


@pytest.fixture(scope="session")
def full_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model; where there is none, one trained on the whole corpus, which takes half a minute."""
    if DEFAULT_MODEL.exists():
        return DEFAULT_MODEL
    folder = tmp_path_factory.mktemp("full")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ERRCLASS_HOME", str(folder / "home"))
        done = call_errclass("train", "--no-store", "--lean", "--out", folder / "model")
    assert done.code == 0, done.err
    return folder / "model"


@pytest.fixture
def use_full_model(full_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that judges well, in use."""
    monkeypatch.setenv("ERRCLASS_MODEL", str(full_model))
    return full_model


@pytest.fixture
def promoted(home: Path, small_model: Path) -> str:
    """The small model on the shelf of the home and promoted; its reference."""
    shutil.copytree(small_model, home / "models" / "default" / "first")
    assert call_errclass("models", "promote", "default/first").code == 0
    return "default/first"
