from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.outcomes.reading import read_history


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.log", "a.parquet", "a.xml", "folder"])
def test_missing_path_is_one_clear_line(tmp_path: Path, name: str) -> None:
    """Whatever its format would be."""
    with pytest.raises(UsageError, match=f"{name} does not exist"):
        read_history(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.log"])
@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_empty_file_is_one_clear_line(tmp_path: Path, name: str, content: bytes) -> None:
    """Blanks are nothing either."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=f"{name} is empty"):
        read_history(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.log"])
@pytest.mark.parametrize("content", [bytes(range(256)) * 20, gzip.compress(os.urandom(9000), mtime=0)])
def test_binary_file_is_one_clear_line(tmp_path: Path, name: str, content: bytes) -> None:
    """Compressed text counts as binary: it must be unpacked first."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=f"{name} is not text"):
        read_history(tmp_path / name)


def test_header_alone_is_refused(tmp_path: Path) -> None:
    """A table without rows is as good as empty."""
    (tmp_path / "a.csv").write_text("text,label\n")
    with pytest.raises(UsageError, match="no usable row"):
        read_history(tmp_path / "a.csv")


def test_file_of_broken_rows_is_refused_with_the_reasons(tmp_path: Path) -> None:
    """At most five places per reason are named."""
    (tmp_path / "a.csv").write_text("text,label\n" + "x\n" * 9)
    with pytest.raises(UsageError, match=r"9 skipped: 1 instead of 2 fields \(line 2, line 3, .*line 6, \.\.\.\)"):
        read_history(tmp_path / "a.csv")


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    """The known ones are listed."""
    (tmp_path / "a.xlsx").write_text("x")
    with pytest.raises(UsageError, match=r"a\.xlsx: no importer recognises it; installed: csv, github-actions"):
        read_history(tmp_path / "a.xlsx")


def test_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    """As other systems write them."""
    (tmp_path / "A.CSV").write_text("TEXT\nboom\n")
    assert ["boom"] == [row.text for row in read_history(tmp_path / "A.CSV").rows]


def test_chosen_columns_are_told(tmp_path: Path) -> None:
    """So that a command can say what it took for what."""
    (tmp_path / "a.csv").write_text("Error Message,Failure Type\nboom,test\n")
    assert {"text": "Error Message", "label": "Failure Type"} == read_history(tmp_path / "a.csv").columns


def test_large_table_is_not_held_in_memory(tmp_path: Path) -> None:
    """A file of 20 MB is read in far less."""
    with (tmp_path / "a.csv").open("w") as stream:
        stream.write("text,label\n")
        stream.writelines(f"{'x' * 1000} {number},test\n" for number in range(20_000))
    history = read_history(tmp_path / "a.csv")
    tracemalloc.start()
    count = sum(1 for _ in history.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (20_000, True) == (count, peak < 3_000_000)
