"""Calls that succeeded at once: noted, and taken into the store later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from errclass.core.errors import StoreError
from errclass.outcomes import Store
from errclass.system.jobs.run_notes import find_home, leave_note, take_notes
from errclass.system.settings import Settings, load_settings

NOTE = {"id": "note-1", "started": 1.0, "ended": 2.5, "context": {"operation": "npm ci", "operation_id": "run-1"}}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a home of their own."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ERRCLASS_STORE", raising=False)
    return load_settings()


def take(settings: Settings) -> int:
    with Store(settings.store) as store:
        return take_notes(settings, store, os.environ)


def count_calls(settings: Settings) -> int:
    with Store(settings.store) as store:
        store.merge()
        return store.stats().calls


def test_what_was_noted_is_taken_once(settings: Settings) -> None:
    """And nothing is left lying about."""
    leave_note(NOTE, os.environ)
    leave_note({**NOTE, "id": "note-2", "context": {"operation": "make", "metadata": {"team": "blue"}}}, os.environ)
    assert (2, 0) == (take(settings), take(settings))
    assert 2 == count_calls(settings)
    assert [] == list(settings.home.glob("calls-*"))


def test_nothing_noted_writes_nothing(settings: Settings) -> None:
    """Not even a folder."""
    assert 0 == take(settings)
    assert not settings.home.exists()


def test_a_note_of_another_store_stays(settings: Settings) -> None:
    """It is for whoever opens that one."""
    leave_note(NOTE, {**os.environ, "ERRCLASS_STORE": "/elsewhere"})
    assert 0 == take(settings)
    assert 1 == len(list(settings.home.glob("calls-*")))


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]\n", b'{"id": 1}\n', b"\xff\xfe\n", b'{"id":"x","started":1e99,"ended":1,"context":{}}\n']
)
def test_a_damaged_line_costs_no_other(line: bytes, settings: Settings) -> None:
    """A disk may have been full."""
    leave_note(NOTE, os.environ)
    (file,) = settings.home.glob("calls-*")
    file.write_bytes(line.rstrip(b"\n") + b"\n" + file.read_bytes())
    assert 1 == take(settings)


def test_notes_of_a_store_that_cannot_be_written_are_kept(settings: Settings, tmp_path: Path) -> None:
    """Until it can."""
    leave_note(NOTE, os.environ)
    (tmp_path / "file").write_text("no folder")
    with Store(tmp_path / "file" / "store") as broken, pytest.raises(StoreError):
        take_notes(settings, broken, os.environ)
    assert 1 == take(settings)


def test_what_cannot_be_noted_costs_nothing(tmp_path: Path) -> None:
    """A home that is a file, a value that is no JSON."""
    (tmp_path / "file").write_text("no folder")
    leave_note(NOTE, {"ERRCLASS_HOME": str(tmp_path / "file")})
    leave_note({"id": object()}, {"ERRCLASS_HOME": str(tmp_path / "home")})
    assert [tmp_path / "file"] == [path for path in tmp_path.iterdir() if path.is_file()]


@pytest.mark.parametrize("variable", ["ERRCLASS_HOME", "XDG_DATA_HOME", "HOME"])
def test_the_home_is_that_of_the_settings(variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it is found without them."""
    for name in ("ERRCLASS_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "somewhere"))
    assert str(load_settings(cwd=tmp_path).home) == find_home(os.environ)
