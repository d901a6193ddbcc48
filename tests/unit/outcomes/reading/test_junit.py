from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.core.types import Context
from errclass.outcomes.reading import Row, read_history


def write(path: Path, content: str) -> Path:
    """Write a report."""
    path.write_text(content, encoding="utf-8")
    return path


REPORT = """<?xml version="1.0"?>
<testsuites><testsuite name="s">
<testcase classname="shop.Cart" name="passes"><system-out>error</system-out></testcase>
<testcase classname="shop.Cart" name="fails">
<failure type="AssertionError" message="1 != 2">at line 5 &amp; 6</failure></testcase>
<testcase name="breaks"><error message="no database">no database
  at connect</error></testcase>
<testcase name="skipped"><skipped message="later"/></testcase>
</testsuite></testsuites>"""


def test_failures_and_errors_are_rows(tmp_path: Path) -> None:
    """Passed and skipped cases are not; a message that the body repeats stands once; no label is made up."""
    expected = [
        Row("AssertionError: 1 != 2\nat line 5 & 6", "testcase 2", context=Context(component="shop.Cart")),
        Row("no database\n  at connect", "testcase 3"),
    ]
    assert expected == list(read_history(write(tmp_path / "a.xml", REPORT)).rows)


def test_report_without_failures_is_refused(tmp_path: Path) -> None:
    """There is nothing to learn from it."""
    with pytest.raises(UsageError, match="reports no failure"):
        read_history(write(tmp_path / "a.xml", "<testsuite><testcase name='x'/></testsuite>"))


def test_cut_report_gives_what_it_has(tmp_path: Path) -> None:
    """The rest is counted as broken."""
    history = read_history(write(tmp_path / "a.xml", REPORT[: REPORT.index('<testcase name="skipped')] + "<test"))
    assert (2, 1) == (len(list(history.rows)), history.skipped.total)


def test_failure_without_words_is_skipped(tmp_path: Path) -> None:
    """An empty element says nothing."""
    history = read_history(write(tmp_path / "a.xml", REPORT.replace('<skipped message="later"/>', "<failure/>")))
    assert (2, {"empty text": ["testcase 4"]}) == (len(list(history.rows)), history.skipped.places)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_doctype_is_refused(tmp_path: Path, encoding: str) -> None:
    """Entities that expand without end are never defined, in any encoding."""
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    path = tmp_path / "a.xml"
    path.write_bytes(bomb.encode(encoding))
    with pytest.raises(UsageError, match="DOCTYPE"):
        read_history(path)


def test_a_suite_that_failed_as_a_whole_is_a_row(tmp_path: Path) -> None:
    """Its text is as good as a case's."""
    report = "<testsuite><testcase name='x'/><error message='no kettle'/></testsuite>"
    assert [Row("no kettle", "after testcase 1")] == list(read_history(write(tmp_path / "a.xml", report)).rows)
