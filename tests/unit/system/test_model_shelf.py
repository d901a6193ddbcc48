"""The shelf of models: where they lie, which one is in use."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from errclass.core.errors import ModelError, UsageError
from errclass.system.model_shelf import DEFAULT_MODEL, ModelShelf, describe_model


def add_model(folder: Path, *, created: str = "2026-01-01", card: str = "# A card") -> Path:
    """Put a model without weights on a shelf: the shelf never looks at those."""
    folder.mkdir(parents=True)
    files = {"card.md": card, "metrics.json": '{"accuracy": 1.0}'}
    for name, text in files.items():
        (folder / name).write_text(text)
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"format": 2, "files": hashes, "created": created}))
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    """A shelf with three models."""
    shelf = ModelShelf(tmp_path)
    add_model(shelf.place("default", "linear-1"), created="2026-01-01")
    add_model(shelf.place("default", "linear-2"), created="2026-01-03")
    add_model(shelf.place("team", "linear-2"), created="2026-01-02")
    return shelf


def test_a_new_shelf_has_nothing_promoted(tmp_path: Path) -> None:
    """And looking creates nothing."""
    assert ModelShelf(tmp_path / "home").promoted() is None
    assert not (tmp_path / "home").exists()


def test_promotion_is_by_reference_or_by_a_unique_version(shelf: ModelShelf) -> None:
    """Both lead to the same folder."""
    for reference in ("default/linear-1", "linear-1"):
        assert shelf.place("default", "linear-1") == shelf.promote(reference) == shelf.promoted()


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("linear-2", "several"),
        ("gone", "no model"),
        ("", "no model"),
        ("team/linear-1", "no model"),
        ("../default/linear-1", "no model"),
    ],
)
def test_what_leads_nowhere_is_refused(reference: str, words: str, shelf: ModelShelf) -> None:
    """With the list of what there is; the model in use stays in use."""
    shelf.promote("linear-1")
    with pytest.raises(UsageError, match=words) as fault:
        shelf.promote(reference)
    assert "default/linear-1, default/linear-2, team/linear-2" in str(fault.value)
    assert shelf.place("default", "linear-1") == shelf.promoted()


def test_an_empty_shelf_says_how_to_fill_it(tmp_path: Path) -> None:
    """The message names the command."""
    with pytest.raises(UsageError, match="errclass train"):
        ModelShelf(tmp_path).find("linear-1")


def test_the_pointer_survives_a_move_of_the_home(shelf: ModelShelf, tmp_path: Path) -> None:
    """It holds no absolute path."""
    shelf.promote("linear-1")
    (tmp_path / "models").rename(tmp_path / "elsewhere")
    (tmp_path / "new").mkdir()
    (tmp_path / "elsewhere").rename(tmp_path / "new" / "models")
    assert tmp_path / "new" / "models" / "default" / "linear-1" == ModelShelf(tmp_path / "new").promoted()


def test_the_pointer_is_private_and_replaced_whole(shelf: ModelShelf) -> None:
    """Nothing is left beside it."""
    shelf.promote("linear-1")
    shelf.promote("team/linear-2")
    pointer = shelf.folder / "promoted.json"
    assert 0o600 == pointer.stat().st_mode & 0o777
    assert ["default", "promoted.json", "team"] == sorted(path.name for path in shelf.folder.iterdir())


@pytest.mark.parametrize("content", ["", "[]", '"x"', '{"model": 3}', '{"other": "x"}', '{"model": "default/gone"}'])
def test_a_damaged_pointer_is_a_model_error(content: str, shelf: ModelShelf) -> None:
    """It is never taken for no pointer, which would put another model into use."""
    (shelf.folder / "promoted.json").write_text(content)
    with pytest.raises(ModelError, match="errclass models promote"):
        shelf.promoted()


def test_a_damaged_model_is_not_promoted(shelf: ModelShelf) -> None:
    """Every file is checked first."""
    (shelf.place("default", "linear-1") / "card.md").write_text("changed")
    with pytest.raises(ModelError, match=r"card\.md"):
        shelf.promote("linear-1")
    assert shelf.promoted() is None


def test_entries_are_listed_oldest_first(shelf: ModelShelf) -> None:
    """With the promoted one marked, the shipped one among them where there is one."""
    shelf.promote("team/linear-2")
    entries = [entry for entry in shelf.entries() if entry.reference != "shipped"]
    assert ["default/linear-1", "team/linear-2", "default/linear-2"] == [entry.reference for entry in entries]
    assert ["team/linear-2"] == [entry.reference for entry in shelf.entries() if entry.promoted]


def test_a_folder_anywhere_is_found_by_its_path(shelf: ModelShelf, tmp_path: Path) -> None:
    """It need not be on the shelf."""
    model = add_model(tmp_path / "theirs")
    assert model == shelf.find(str(model))
    assert DEFAULT_MODEL == shelf.find("shipped")


def test_the_shelf_goes_before_the_working_tree(
    shelf: ModelShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that a pull request brings cannot stand in for the model that the user named."""
    add_model(tmp_path / "tree" / "default" / "linear-1")
    monkeypatch.chdir(tmp_path / "tree")
    assert shelf.place("default", "linear-1") == shelf.find("default/linear-1")


def test_a_draft_is_no_model(shelf: ModelShelf) -> None:
    """What a killed training left behind is neither listed nor found."""
    add_model(shelf.place("default", ".draft-1"))
    assert "default/.draft-1" not in {entry.reference for entry in shelf.entries()}
    with pytest.raises(UsageError):
        shelf.promote("default/.draft-1")


def test_a_model_is_described_by_its_own_files(shelf: ModelShelf) -> None:
    """Manifest, metrics and card."""
    described = describe_model(shelf.place("default", "linear-1"))
    assert ("# A card", {"accuracy": 1.0}) == (described["card"], described["metrics"])


@pytest.mark.parametrize("name", ["card.md", "metrics.json", "manifest.json"])
def test_a_model_with_a_missing_file_is_not_described(name: str, shelf: ModelShelf) -> None:
    """The file is named."""
    (shelf.place("default", "linear-1") / name).unlink()
    with pytest.raises(ModelError, match=name):
        describe_model(shelf.place("default", "linear-1"))
