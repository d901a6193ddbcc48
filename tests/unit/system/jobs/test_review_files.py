"""The queue goes out as CSV, and answers come back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.core.types import Decision, Outcome
from errclass.outcomes import Store, load_review_queue
from errclass.outcomes.opinions import list_opinions
from errclass.system.jobs.review_files import COLUMNS, take_review_file, write_review_file
from errclass.system.taxonomy_file import load_taxonomy

TAXONOMY = load_taxonomy()
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "'=already", "＝1")

Fill = Callable[..., Path]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three failures of one cause and one without."""
    with Store(tmp_path / "store") as opened:
        decision = Decision("persistent", "test", "medium", False, 0.8, "x")
        opened.record_many(Outcome(name, "boom", fingerprint="f" * 16, decision=decision) for name in "abc")
        opened.record(Outcome("alone", "bang"))
        yield opened


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Write the columns that are filled in."""

    def write(*rows: tuple[str, str, str], name: str = "filled.csv") -> Path:
        lines = [("id", "label", "retryable"), *rows]
        (tmp_path / name).write_text("\n".join(map(",".join, lines)), encoding="utf-8")
        return tmp_path / name

    return write


def counting(store: Store, name: str) -> list[tuple[str, bool | None, str | None]]:
    return [(one.type, one.retryable, one.author) for one in list_opinions(store, name) if one.counts]


def test_a_file_goes_out_and_comes_back(store: Store, tmp_path: Path) -> None:
    """As a spreadsheet saves it, filled in."""
    path = tmp_path / "queue.csv"
    write_review_file(path, load_review_queue(store))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(COLUMNS) == list(rows[0])
    assert [("", "", "1", "bang"), ("test", "0.80", "3", "boom")] == [
        (row["type"], row["confidence"], row["count"], row["excerpt"]) for row in rows
    ]
    with path.open("w", encoding="utf-16", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows({**row, "label": "Build", "retryable": "no"} for row in rows)
    report = take_review_file(store, path, TAXONOMY, author="alice")
    assert (2, 0, 0, [], 4) == (report.applied, report.known, report.empty, report.refused, report.failures)
    assert [[("build", False, "alice")]] * 4 == [counting(store, name) for name in ("a", "b", "c", "alone")]
    assert [] == load_review_queue(store)


@pytest.mark.parametrize("merged", [True, False])
def test_the_same_file_again_adds_nothing(store: Store, fill: Fill, merged: bool) -> None:
    """Also when it names a failure twice."""
    path = fill(("a", "network", "yes"), ("a", "network", "yes"))
    if merged:
        store.merge()
    reports = [take_review_file(store, path, TAXONOMY) for _ in range(2)]
    assert [(1, 1), (0, 2)] == [(report.applied, report.known) for report in reports]
    assert 1 == len(list_opinions(store, "a"))


def test_a_changed_answer_is_a_new_one(store: Store, fill: Fill) -> None:
    """The latest counts."""
    take_review_file(store, fill(("a", "network", "")), TAXONOMY)
    take_review_file(store, fill(("a", "network", "no")), TAXONOMY)
    assert [("network", False, None)] == counting(store, "a")


def test_what_was_taken_back_stays_so(store: Store, fill: Fill) -> None:
    """The same file does not bring it back."""
    path = fill(("a", "network", ""))
    take_review_file(store, path, TAXONOMY)
    store.undo_label(list_opinions(store, "a")[0].id)
    assert (0, 1, 0) == ((report := take_review_file(store, path, TAXONOMY)).applied, report.known, report.failures)
    assert [] == counting(store, "a")


def test_bad_rows_are_refused_by_line_and_the_rest_is_taken(store: Store, fill: Fill) -> None:
    """With the nearest type; empty rows are no answers."""
    path = fill(
        ("a", "netwrok", ""),
        ("gone", "network", ""),
        ("b", "", ""),
        ("b", "", "yes"),
        ("b", "network", "maybe"),
        ("alone", "network", ""),
    )
    report = take_review_file(store, path, TAXONOMY)
    assert (1, 1, 1) == (report.applied, report.empty, report.failures)
    found = {row["place"]: row["reason"] for row in report.refused}
    assert {"line 2", "line 3", "line 5", "line 6"} == set(found)
    for line, words in (
        ("2", "did you mean network?"),
        ("3", "no outcome 'gone'"),
        ("5", "label is not"),
        ("6", "'maybe'"),
    ):
        assert words in found[f"line {line}"]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_is_a_formula(store: Store, tmp_path: Path, name: str) -> None:
    """Also an id, which comes back as it was."""
    store.record(Outcome(name, f"{name}\x1b[31mred\x1b]0;title\x07", fingerprint=name))
    path = tmp_path / "queue.csv"
    write_review_file(path, load_review_queue(store))
    text = path.read_text(encoding="utf-8-sig")
    assert "\x1b" not in text
    rows = list(csv.DictReader(text.splitlines()))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r＝")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**row, "label": "build"} for row in rows)
    assert (3, []) == ((report := take_review_file(store, path, TAXONOMY)).applied, report.refused)
    assert ["build"] == [kind for kind, _, _ in counting(store, name)]


def test_a_file_that_is_there_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    """Somebody's answers may be in it."""
    path = tmp_path / "queue.csv"
    path.write_text("precious")
    with pytest.raises(UsageError, match=r"queue\.csv: exists already"):
        write_review_file(path, [])
    assert "precious" == path.read_text()


@pytest.mark.parametrize("content", ["", "id,type\na,b\n", "label,retryable\nnetwork,\n", "\x00\x01\x02\x03" * 50])
def test_no_filled_in_file(store: Store, tmp_path: Path, content: str) -> None:
    """Nothing of it is taken."""
    path = tmp_path / "filled.csv"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"filled\.csv"):
        take_review_file(store, path, TAXONOMY)


def test_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    """Nor a folder, nor one that cannot be written."""
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            take_review_file(store, path, TAXONOMY)
    with pytest.raises(UsageError, match="cannot be written"):
        write_review_file(tmp_path / "no" / "folder.csv", [])


def test_a_broken_row_is_refused_too(store: Store, tmp_path: Path) -> None:
    """The rows after it are taken."""
    path = tmp_path / "filled.csv"
    path.write_text("id,label\na,network,more\nalone,build\n")
    report = take_review_file(store, path, TAXONOMY)
    assert (1, 1) == (report.applied, len(report.refused))
    assert "line 2" in report.refused[0]["reason"]
