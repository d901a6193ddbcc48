"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from errclass.core.whole_files import write_whole


@pytest.mark.parametrize(("private", "mode"), [(True, 0o600), (False, 0o640)])
def test_a_new_file_is_as_private_as_it_should_be(tmp_path: Path, private: bool, mode: int) -> None:
    """Or as the umask says."""
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", b"x", private=private)
    finally:
        os.umask(before)
    assert mode == (tmp_path / "a").stat().st_mode & 0o777


def test_an_old_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    """Whoever has it open still reads the old one."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_whole(path, b"new")
        assert b"old" == reader.read()
    assert {"a": b"new"} == {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old file stays."""
    (tmp_path / "a").write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a", b"new")
    assert {"a": b"old"} == {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is replaced."""
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to("a")
    write_whole(tmp_path / "link", b"new")
    assert (True, b"new") == ((tmp_path / "link").is_symlink(), (tmp_path / "a").read_bytes())


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    """It is written to."""
    (tmp_path / "null").symlink_to(os.devnull)
    write_whole(tmp_path / "null", b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files have names on Linux only")
def test_a_pipe_is_written_to_by_its_name() -> None:
    """As that of the standard output, whose link leads to no file."""
    reader, writer = os.pipe()
    try:
        write_whole(Path(f"/proc/self/fd/{writer}"), b"x")
        assert b"x" == os.read(reader, 9)
    finally:
        os.close(reader)
        os.close(writer)
