"""Folders that only their owner may read."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.folders import make_private_folder


def test_every_folder_that_was_missing_is_private(tmp_path: Path) -> None:
    """Not only the last one, as ``mkdir(parents=True)`` would have it."""
    make_private_folder(tmp_path / "a" / "b" / "c")
    assert {0o700} == {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert 3 == len(list(tmp_path.rglob("*")))


def test_a_folder_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    """It may be shared on purpose."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    make_private_folder(tmp_path / "shared")
    make_private_folder(tmp_path / "shared" / "own")
    assert (0o755, 0o700) == tuple((tmp_path / name).stat().st_mode & 0o777 for name in ("shared", "shared/own"))


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """By the system's own error."""
    (tmp_path / "a").write_text("a file")
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OSError, match="a"):
            make_private_folder(folder)
