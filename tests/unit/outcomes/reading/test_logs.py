from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.outcomes.reading import Row, read_history


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_subfolders_are_labels(tmp_path: Path) -> None:
    """The first one on the way counts; a file beside them has no label; other files are not logs."""
    files = {
        "network/a.log": b"reset",
        "network/x/b.txt": b"refused",
        "c.log": b"odd",
        "network/notes.md": b"no",
        ".git/d.log": b"no",
    }
    expected = [
        Row("odd", "c.log"),
        Row("reset", "network/a.log", "network"),
        Row("refused", "network/x/b.txt", "network"),
    ]
    assert expected == list(read_history(fill(tmp_path, files)).rows)


def test_unusable_logs_are_skipped(tmp_path: Path) -> None:
    """Empty and binary files cost nobody else anything."""
    history = read_history(fill(tmp_path, {"a.log": b"", "b.log": bytes(range(256)) * 9, "c.log": b"boom"}))
    assert ["boom"] == [row.text for row in history.rows]
    assert {"empty": ["a.log"], "not text: unpack or convert it first": ["b.log"]} == history.skipped.places


def test_folder_without_logs_is_refused(tmp_path: Path) -> None:
    """A folder of tables is no folder of logs."""
    with pytest.raises(UsageError, match=r"holds no \.log or \.txt file"):
        read_history(fill(tmp_path, {"a.csv": b"text\nboom"}))


def test_single_log_is_one_row(tmp_path: Path) -> None:
    """With a stray NUL, colours and a progress bar in it."""
    fill(tmp_path, {"build.log": b"ok\x08\x08 \x1b[31mboom\x1b[0m\x00\n" + b"x" * 100})
    assert ["ok\x08\x08 \x1b[31mboom\x1b[0m\ufffd\n" + "x" * 100] == [
        row.text for row in read_history(tmp_path / "build.log").rows
    ]


def test_large_log_keeps_its_ends(tmp_path: Path) -> None:
    """Without being read as a whole."""
    fill(tmp_path, {"build.log": b"first\n" + b"x" * 2_000_000 + b"\nlast"})
    (row,) = read_history(tmp_path / "build.log").rows
    assert (True, True, True) == (row.text.startswith("first"), row.text.endswith("last"), len(row.text) <= 1024 * 1024)
