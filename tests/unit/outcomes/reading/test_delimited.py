from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errclass.outcomes.reading import Row, Skipped, read_history


def read(path: Path, content: str | bytes) -> tuple[list[Row], Skipped]:
    """Write a file and read it to the end."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    history = read_history(path)
    return list(history.rows), history.skipped


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    """Whatever wrote the file."""
    rows, _ = read(
        tmp_path / "a.csv", end.join([delimiter.join(["text", "label"]), delimiter.join(["boom", "test"]), ""])
    )
    assert [Row("boom", "line 2", "test")] == rows


def test_text_over_several_lines(tmp_path: Path) -> None:
    """A quoted text may hold line ends, delimiters and doubled quotes; places are lines of the file."""
    rows, skipped = read(tmp_path / "a.csv", 'text,label\n"a, ""b""\nc",test\nd,build\n')
    assert [Row('a, "b"\nc', "line 2", "test"), Row("d", "line 4", "build")] == rows
    assert 0 == skipped.total


def test_blank_lines_are_not_rows(tmp_path: Path) -> None:
    """Before the header, between rows and at the end."""
    rows, skipped = read(tmp_path / "a.csv", "\n\ntext,label\n\n\nboom,test\n\n")
    assert ([Row("boom", "line 6", "test")], 0) == (rows, skipped.total)


def test_wrong_number_of_fields_is_skipped(tmp_path: Path) -> None:
    """Too few and too many, also right after a blank line, count once each."""
    rows, skipped = read(tmp_path / "a.csv", "text,label\nx\n\na,b,c\nboom,test\n")
    assert [Row("boom", "line 5", "test")] == rows
    assert {"1 instead of 2 fields": ["line 2"], "3 instead of 2 fields": ["line 4"]} == skipped.places


def test_stray_quote_costs_one_row(tmp_path: Path) -> None:
    """The rows that an unclosed quote swallows are read again."""
    lines = [f"text {number},test" for number in range(300)]
    lines[100] = '"unclosed,test'
    rows, skipped = read(tmp_path / "a.csv", "text,label\n" + "\n".join(lines))
    assert (299, 1) == (len(rows), skipped.total)


def test_stray_quote_before_quoted_rows_costs_one_row(tmp_path: Path) -> None:
    """Two rows are never joined into one text."""
    rows, skipped = read(tmp_path / "a.csv", 'label,text\ntest,"unclosed\ntest,"b"\ntest,"c"\n')
    assert (["b", "c"], 1) == ([row.text for row in rows], skipped.total)


def test_huge_field_is_read_and_bounded(tmp_path: Path) -> None:
    """Far beyond the csv module's own limit."""
    rows, skipped = read(tmp_path / "a.csv", "text,label\nstart " + "x" * 3_000_000 + " end,test\n")
    assert (1, 0, True) == (len(rows), skipped.total, rows[0].text.endswith(" end"))
    assert len(rows[0].text) <= 1024 * 1024


def test_endless_line_is_skipped(tmp_path: Path) -> None:
    """Beyond 16 MB a record is skipped, and the next one is read."""
    rows, skipped = read(tmp_path / "a.csv", "text,label\n" + "x" * 17_000_000 + ",test\nboom,test\n")
    assert (["boom"], {"longer than 16 MB": 1}) == ([row.text for row in rows], skipped.counts)


def test_rows_with_nul_or_without_text_are_skipped(tmp_path: Path) -> None:
    """With the reason and the line."""
    rows, skipped = read(tmp_path / "a.csv", "text,label\n" + "boom,test\n" * 20 + "a\x00b,test\n  ,test\n")
    assert 20 == len(rows)
    assert {"NUL character in the text": ["line 22"], "empty text": ["line 23"]} == skipped.places


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """By the byte order mark, otherwise UTF-8, otherwise Windows-1252."""
    rows, _ = read(tmp_path / "a.csv", "text,label\nZugriff verweigert: café €,test\n".encode(encoding))
    assert ["Zugriff verweigert: café €"] == [row.text for row in rows]


def test_file_of_mixed_encodings(tmp_path: Path) -> None:
    """One foreign line does not spoil the others."""
    rows, _ = read(tmp_path / "a.csv", b"text,label\n" + "é漢,test\n".encode() + "é,test\n".encode("cp1252"))
    assert ["é漢", "é"] == [row.text for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])).filter(str.strip), min_size=1, max_size=5)
)
def test_what_csv_writes_is_read(tmp_path: Path, texts: list[str]) -> None:
    """Any printable text comes back."""
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["text", "label"], *([text, "test"] for text in texts)])
    assert texts == [row.text for row in read_history(path).rows]
