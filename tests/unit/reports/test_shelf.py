"""Reports that were kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.reports import ReportShelf
from errclass.reports.shelf import MOST_BYTES

NAME = "summary-20260401T000000Z-0123abcd"
OTHER = "summary-20260402T000000Z-0123abcd"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> ReportShelf:
    return ReportShelf(tmp_path / "home" / "reports")


def test_a_kept_report_comes_back(shelf: ReportShelf) -> None:
    """In the format that is asked for."""
    kept = shelf.keep(NAME, "md", "# é".encode(), now())
    shelf.keep(NAME, "json", b"{}", now())
    assert ("# é".encode(), b"{}") == (shelf.read(NAME, "md"), shelf.read(NAME, "json"))
    assert (NAME, "md", 4) == (kept.id, kept.format, kept.size_bytes)
    assert 0o600 == kept.path.stat().st_mode & 0o777
    assert 0o700 == kept.path.parent.stat().st_mode & 0o777
    assert {"id", "format", "kept_at", "size_bytes", "path"} == set(kept.to_dict())


def test_the_same_again_takes_its_place(shelf: ReportShelf) -> None:
    """No second file."""
    for text in ("a", "b"):
        shelf.keep(NAME, "md", text.encode(), now())
    assert ["b"] == [one.path.read_text() for one in shelf.list()]


def test_an_empty_shelf_is_no_folder(shelf: ReportShelf, tmp_path: Path) -> None:
    """Looking writes nothing."""
    assert [] == shelf.list()
    assert 0 == shelf.delete(NAME)
    assert [] == list(tmp_path.iterdir())


def test_a_report_is_deleted_in_all_its_formats(shelf: ReportShelf) -> None:
    """And others stay."""
    for name, form in ((NAME, "md"), (NAME, "csv"), (OTHER, "md")):
        shelf.keep(name, form, b"x", now())
    assert 2 == shelf.delete(NAME)
    assert [OTHER] == [one.id for one in shelf.list()]


@pytest.mark.parametrize("name", ["nothing", "../shelf", f"../{NAME}", "/etc/passwd", ""])
def test_what_is_not_kept_is_an_error(shelf: ReportShelf, tmp_path: Path, name: str) -> None:
    """A path is no id."""
    shelf.keep(NAME, "md", b"x", now())
    (tmp_path / "home" / f"{NAME}.md").write_text("outside")
    with pytest.raises(UsageError, match="is kept"):
        shelf.read(name)
    assert 0 == shelf.delete(name)


def test_foreign_files_are_left_alone(shelf: ReportShelf) -> None:
    """They are no reports, however old."""
    kept = shelf.keep(NAME, "md", b"x", now())
    foreign = kept.path.parent / "notes.md"
    foreign.write_text("mine")
    os.utime(foreign, (0, 0))
    shelf.keep(OTHER, "md", b"x", now())
    assert "mine" == foreign.read_text()
    assert {NAME, OTHER} == {one.id for one in shelf.list()}


def test_old_reports_go_when_another_comes(shelf: ReportShelf) -> None:
    """After thirty days."""
    for name, days in ((NAME, 31), (OTHER, 29)):
        kept = shelf.keep(name, "md", b"x", now())
        moment = (now() - timedelta(days=days)).timestamp()
        os.utime(kept.path, (moment, moment))
    shelf.keep("summary-20260403T000000Z-0123abcd", "md", b"x", now())
    assert {OTHER, "summary-20260403T000000Z-0123abcd"} == {one.id for one in shelf.list()}


def test_what_was_just_kept_stays(shelf: ReportShelf) -> None:
    """Even where the clock is years ahead of that of the files."""
    kept = shelf.keep(NAME, "md", b"x", now() + timedelta(days=3650))
    assert [kept] == shelf.list()


def test_a_report_that_is_too_large_is_not_kept(shelf: ReportShelf) -> None:
    """With what to do about it."""
    with pytest.raises(UsageError, match="choose a shorter window"):
        shelf.keep(NAME, "md", b"x" * (MOST_BYTES + 1), now())
    assert [] == shelf.list()


def test_a_folder_that_is_none_is_named(shelf: ReportShelf, tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "home").write_text("")
    with pytest.raises(UsageError, match="no report can be kept there"):
        shelf.keep(NAME, "md", b"x", now())
