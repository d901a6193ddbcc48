"""The concrete parts are found by the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import ConfigError, ModelError, UsageError
from errclass.system import wiring
from errclass.system.settings import Settings
from errclass.system.wiring import find_model_folder, open_store

MANIFEST = '{"format": 2, "files": {}}'


def make_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(MANIFEST)
    return folder


def make_settings(tmp_path: Path, model: Path | None = None) -> Settings:
    return Settings(home=tmp_path / "home", store=str(tmp_path / "store"), model=model)


def test_the_model_is_looked_for_in_four_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argument, settings, the promoted one, the shipped one."""
    argument, setting, shipped = (make_model(tmp_path / name) for name in ("argument", "setting", "shipped"))
    shelved = make_model(tmp_path / "home" / "models" / "default" / "one")
    monkeypatch.setattr(wiring, "DEFAULT_MODEL", shipped)
    assert shipped == find_model_folder(make_settings(tmp_path))
    (tmp_path / "home" / "models" / "promoted.json").write_text('{"model": "default/one"}')
    assert shelved == find_model_folder(make_settings(tmp_path))
    assert setting == find_model_folder(make_settings(tmp_path, setting))
    assert argument == find_model_folder(make_settings(tmp_path, setting), str(argument))


def test_without_any_model_the_way_to_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is named."""
    monkeypatch.setattr(wiring, "DEFAULT_MODEL", tmp_path / "none")
    with pytest.raises(ModelError, match="errclass train"):
        find_model_folder(make_settings(tmp_path))


@pytest.mark.parametrize("reference", ["", "gone", "a/b/c"])
def test_a_reference_that_leads_nowhere_never_falls_back(reference: str, tmp_path: Path) -> None:
    """Who names a model wants that one."""
    with pytest.raises(UsageError, match="names no model"):
        find_model_folder(make_settings(tmp_path), reference)


def test_a_store_is_a_folder_that_is_not_created_yet(tmp_path: Path) -> None:
    """The first write creates it."""
    assert str(tmp_path / "store") == open_store(make_settings(tmp_path)).place
    assert not (tmp_path / "store").exists()


def test_a_store_may_be_a_database(tmp_path: Path) -> None:
    """It is reached by the first use; its name shows no password."""
    store = open_store(Settings(home=tmp_path, store="postgres://app:hunter2@db.example.com/errclass"))
    assert "postgres://app@db.example.com/errclass" == store.place


@pytest.mark.parametrize("address", ["mysql://db.example.com/errclass", "postgres://app:p@ss@db.example.com/errclass"])
def test_an_address_of_something_else_is_no_folder(tmp_path: Path, address: str) -> None:
    """It is refused rather than created as one."""
    with pytest.raises(ConfigError, match="postgres://USER"):
        open_store(Settings(home=tmp_path, store=address))
