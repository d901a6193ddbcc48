"""Lines are freed of what terminals and CI systems put in, and of nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.cleaning import clean_line, is_progress, split_overwritten

PREFIXED = {
    "colour": ("\x1b[31mError: boom\x1b[0m", "Error: boom"),
    "256 colours": ("\x1b[38;5;196mError: boom\x1b[39m", "Error: boom"),
    "a colour whose escape was lost in copying": ("[31mError: boom[0m", "Error: boom"),
    "a window title": ("\x1b]0;build #12\x07Error: boom", "Error: boom"),
    "a hyperlink": ("\x1b]8;;https://example.com\x1b\\Error\x1b]8;;\x1b\\: boom", "Error: boom"),
    "Buildkite's time": ("\x1b_bk;t=1741082301000\x07Error: boom", "Error: boom"),
    "erase line": ("\x1b[2K\x1b[1GError: boom", "Error: boom"),
    "GitHub": ("2025-03-04T10:11:12.1234567Z Error: boom", "Error: boom"),
    "GitHub through gh": ("build\tRun npm ci\t2025-03-04T10:11:12.1234567Z Error: boom", "Error: boom"),
    "GitHub with a byte order mark": ("\ufeff2025-03-04T10:11:12.1234567Z Error: boom", "Error: boom"),
    "GitLab's time": ("2025-03-04T10:11:12.123456Z 01O Error: boom", "Error: boom"),
    "GitLab's fold": ("section_start:1741082301:build_script[collapsed=true]\r\x1b[0KError: boom", "Error: boom"),
    "Jenkins' timestamper": ("[2025-03-04T10:11:12.123Z] Error: boom", "Error: boom"),
    "Jenkins' pipeline": ("[Pipeline] Error: boom", "Error: boom"),
    "a clock": ("[10:11:12] Error: boom", "Error: boom"),
    "Azure": ("2025-03-04T10:11:12.1234567Z Error: boom", "Error: boom"),
    "BuildKit": ("#12 4.512 Error: boom", "Error: boom"),
    "Taskcluster": ("[task 2025-03-04T10:11:12.123Z] Error: boom", "Error: boom"),
    "Taskcluster around a clock": ("[task 2025-03-04T10:11:12.123Z] 10:11:12 Error: boom", "Error: boom"),
    "compose": ("web-1  | Error: boom", "Error: boom"),
    "compose, old names": ("app_db_1  | Error: boom", "Error: boom"),
    "Terraform's box": ("│ Error: boom", "Error: boom"),
    "Travis' fold": ("travis_fold:start:install\rError: boom", "Error: boom"),
    "a NUL": ("Error:\x00 boom", "Error: boom"),
}
KEPT = [
    "Error: boom",
    "    indented by the tool",
    "[ERROR] Failed to execute goal",
    "[1/4] Resolving packages",
    '  File "app.py", line 3, in main',
    "   | ^^^^ expected `;`",
    "#12 ERROR: process did not complete",
    "array[31] is out of range",
    "12:30 is not a time stamp with seconds",
    "2025-03-04 is when it broke",
    "-----BEGIN CERTIFICATE-----",
    "a | b",
    "Überschreitung der Größe",
]


@pytest.mark.parametrize(("line", "expected"), PREFIXED.values(), ids=PREFIXED)
def test_a_prefix_is_taken_out(line: str, expected: str) -> None:
    """What a terminal or a CI system put in is gone; the last of the overwritten parts remains."""
    assert expected == clean_line(split_overwritten(line)[-1]).text


@pytest.mark.parametrize("line", KEPT)
def test_a_look_alike_stays(line: str) -> None:
    """The tool's own text is left as it is, its indentation included."""
    assert line == clean_line(line).text


def test_one_space_belongs_to_the_stamp_and_the_rest_to_the_tool() -> None:
    """Indentation after a time stamp is kept."""
    assert "    at main.js:3" == clean_line("2025-03-04T10:11:12.1234567Z     at main.js:3").text


@pytest.mark.parametrize(
    ("line", "mark", "text"),
    [
        ("##[error]Process completed with exit code 1.", "error", "Process completed with exit code 1."),
        ("2025-03-04T10:11:12.1234567Z ##[group]Run npm ci", "group", "Run npm ci"),
        ("::error file=app.js,line=1::Missing semicolon", "error", "Missing semicolon"),
        ("::warning::Node 16 is deprecated", "warning", "Node 16 is deprecated"),
        ("##vso[task.logissue type=error;sourcepath=a.cs]CS1002: ; expected", "error", "CS1002: ; expected"),
        ("##vso[task.logissue type=warning]CS0618 is obsolete", "warning", "CS0618 is obsolete"),
        ("##vso[task.complete result=Failed;]done", "command", "done"),
        ("## heading", None, "## heading"),
        ("std::error::Error", None, "std::error::Error"),
        ("error", None, "error"),
    ],
)
def test_a_level_is_read(line: str, mark: str | None, text: str) -> None:
    """The level that GitHub or Azure gave a line comes as its mark; look-alikes have none."""
    assert (text, mark) == clean_line(line)


@pytest.mark.parametrize(
    "line",
    [
        " 45% |█████████           | 45/100",
        "50%[=========>          ] 10.2MB",
        "━━━━━━━━━━━━━━━━━━ 1.2/3.4 MB",
        "⠋ installing",
        "Downloading  1.2 MB/s",
        "[##########]",
    ],
)
def test_progress_is_known(line: str) -> None:
    """Bars and spinners are progress."""
    assert is_progress(line)


@pytest.mark.parametrize(
    "line",
    ["Error: boom", "coverage 45% is below 80%", "3/4 tests failed", "a == b", "## heading", "100% sure it failed"],
)
def test_progress_is_not_seen_in_plain_text(line: str) -> None:
    """Percentages and fractions in a sentence are no progress."""
    assert not is_progress(line)


def test_what_was_overwritten_is_shown_one_after_the_other_without_progress() -> None:
    """A bar that was drawn over leaves only what was printed beside it."""
    assert ["fetching", "Error: boom"] == split_overwritten(
        "fetching\r 10% |█    | 1/10\r 90% |████ | 9/10\rError: boom\r"
    )


def test_a_log_that_ends_its_lines_in_cr_keeps_all_of_them() -> None:
    """Nothing but progress is dropped from a file without LF."""
    assert ["one", "two", "three"] == split_overwritten("one\rtwo\rthree\r")


def test_a_line_of_nothing_but_progress_is_empty() -> None:
    """It leaves an empty line, so that places in the log stay right."""
    assert [""] == split_overwritten("\r 10% |█    | 1/10\r")


def test_a_windows_line_end_is_no_overwriting() -> None:
    """The CR of CR LF just goes."""
    assert ["Error: boom"] == split_overwritten("Error: boom\r")


@given(st.text(max_size=200))
def test_cleaning_never_adds_and_never_raises(line: str) -> None:
    """Any text comes out no longer than it went in, and without escape characters."""
    cleaned = clean_line(line).text
    assert len(cleaned) <= len(line)
    assert "\x1b" not in cleaned
