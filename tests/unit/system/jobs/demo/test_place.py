"""A demo store is told from every other folder, and none of those is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.outcomes import Store
from errclass.system.jobs.demo import DEMO_FILE, check_place, find_demo, name_demo
from errclass.system.jobs.demo.place import mark_place, renew_place
from errclass.system.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", store=str(tmp_path / "home" / "store"))


def test_a_new_an_empty_and_a_demo_folder_will_do(settings: Settings, tmp_path: Path) -> None:
    """The usual one lies in the home, beside the store."""
    assert tmp_path / "home" / "demo" == name_demo(settings)
    (tmp_path / "empty").mkdir()
    with renew_place(tmp_path / "old"):
        mark_place(tmp_path / "old", {"complete": True})
    for folder in ("new", "empty", "old"):
        check_place(tmp_path / folder, settings)
    assert not (tmp_path / "new").exists()


def test_the_store_in_use_is_refused_by_whatever_name(settings: Settings, tmp_path: Path) -> None:
    """Also where it does not exist yet, and where it is a demo store itself."""
    store = tmp_path / "home" / "store"
    with pytest.raises(UsageError, match="is the store in use"):
        check_place(store, settings)
    store.mkdir(parents=True)
    mark_place(store, {"complete": True})
    (tmp_path / "link").symlink_to(store)
    for name in (store, tmp_path / "link", store / ".." / "store", store / "within"):
        with pytest.raises(UsageError, match="is the store in use"):
            check_place(name, settings)


def test_another_real_store_is_refused_and_stays_as_it_is(settings: Settings, tmp_path: Path) -> None:
    """It has no mark."""
    with Store(tmp_path / "other") as store:
        store.probe()
    before = {file.name: file.read_bytes() for file in (tmp_path / "other").iterdir()}
    with pytest.raises(UsageError, match="is not empty and no demo store"):
        check_place(tmp_path / "other", settings)
    assert before == {file.name: file.read_bytes() for file in (tmp_path / "other").iterdir()}


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"made_by": "somebody"}', '{"made_by": "errclass demo"}'])
def test_a_file_of_that_name_alone_makes_no_demo_store(settings: Settings, tmp_path: Path, content: str) -> None:
    """It has to be one that a demo wrote."""
    (tmp_path / DEMO_FILE).write_text(content)
    assert find_demo(tmp_path) is None
    with pytest.raises(UsageError, match="no demo store"):
        check_place(tmp_path, settings)


def test_a_demo_store_that_says_too_little_is_not_complete(settings: Settings, tmp_path: Path) -> None:
    """It is made anew, and not shown."""
    mark_place(tmp_path, {"complete": True, "days": 90, "seed": 1})
    known = find_demo(tmp_path)
    assert known is not None
    assert known["complete"] is False
    check_place(tmp_path, settings)


def test_a_file_is_no_folder(settings: Settings, tmp_path: Path) -> None:
    """Nor is what is in it."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is no folder"):
        check_place(tmp_path / "file", settings)


def test_only_the_files_of_a_store_are_dropped(tmp_path: Path) -> None:
    """What somebody else laid beside them stays; until the end it is marked as not complete."""
    mark_place(tmp_path, {"complete": True})
    for name in ("outcomes.duckdb", "inbox.sqlite", "inbox.sqlite-wal", "notes.txt"):
        (tmp_path / name).write_text("old")
    with renew_place(tmp_path):
        assert {DEMO_FILE, "notes.txt"} == {file.name for file in tmp_path.iterdir()}
        known = find_demo(tmp_path)
        assert known is not None
        assert known["complete"] is False
