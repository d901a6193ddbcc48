from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.job_logs import GITHUB_FAILED, GITHUB_PASSED, write_zip

from errclass.core.errors import UsageError
from errclass.core.types import Context
from errclass.outcomes.reading import Row, read_history
from errclass.outcomes.reading.github_actions import recognises
from errclass.outcomes.reading.source import Source

START = datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC)


def read(path: Path) -> tuple[list[Row], dict[str, list[str]]]:
    """Return all rows and the places of what was skipped."""
    history = read_history(path)
    return list(history.rows), history.skipped.places


def test_a_failed_job_is_a_row(tmp_path: Path) -> None:
    """With its name, its start and its exit code; the text is as the log has it, without the byte order mark."""
    path = write_zip(tmp_path / "logs.zip", {"0_package (3.12).txt": GITHUB_FAILED, "1_docs.txt": GITHUB_PASSED})
    row = Row(
        GITHUB_FAILED.removeprefix("\ufeff"),
        "0_package (3.12).txt",
        success=False,
        time=START,
        exit_code=2,
        context=Context(job="package (3.12)"),
    )
    assert ([row], {"no failure in this job": ["1_docs.txt"]}) == read(path)


def test_the_steps_of_a_job_that_has_its_own_file_are_not_read_again(tmp_path: Path) -> None:
    """Also where the job's name had a slash, which files write in another way than folders."""
    members = {
        "0_package.txt": GITHUB_FAILED,
        "1_tea _ brew.txt": GITHUB_FAILED,
        "package/1_Set up job.txt": GITHUB_PASSED,
        "package/2_Run make package.txt": GITHUB_FAILED,
        "package/system.txt": "2026-11-24T10:00:00.1Z Evaluating the job\n",
        "tea / brew/1_Run brew.txt": GITHUB_FAILED,
    }
    rows, skipped = read(write_zip(tmp_path / "logs.zip", members))
    assert (["package", "tea _ brew"], {}) == ([row.context.job for row in rows], skipped)


def test_the_steps_make_the_job_where_nothing_else_does(tmp_path: Path) -> None:
    """In the order of their numbers, ten after nine."""
    members = {
        "package/10_Run make package.txt": GITHUB_FAILED,
        "package/9_Set up.txt": "\ufeff2026-11-24T09:59:00.0000000Z set up\n",
        "docs/1_Run make docs.txt": GITHUB_PASSED,
    }
    (row,), skipped = read(write_zip(tmp_path / "logs.zip", members))
    assert ("package/", 2, 59) == (row.place, row.exit_code, row.time.minute if row.time else None)
    assert row.text.startswith("2026-11-24T09:59:00.0000000Z set up\n2026-11-24T10:00:00")
    assert {"no failure in this job": ["docs/"]} == skipped


@pytest.mark.parametrize(
    "line",
    [
        "##[error]The operation was canceled.",
        "##[error]Process completed with exit code 1.",
        "Process completed with exit code 137.",
    ],
)
def test_what_marks_a_failure(tmp_path: Path, line: str) -> None:
    """An error of the runner or the exit code of a step, at the begin of a line."""
    log = f"\ufeff2026-11-24T10:00:00.1234567Z brew\n2026-11-24T10:00:01.1234567Z {line}\n"
    assert 1 == len(read(write_zip(tmp_path / "logs.zip", {"0_package.txt": log}))[0])


@pytest.mark.parametrize(
    "line",
    ["echo '##[error]'", "Process completed with exit code 0.", "##[warning]leaves are low", "make: *** [x] Error 1"],
)
def test_what_marks_none(tmp_path: Path, line: str) -> None:
    """A run that only tells of errors did not fail by it."""
    log = f"\ufeff2026-11-24T10:00:00.1234567Z brew\n2026-11-24T10:00:01.1234567Z {line}\n"
    with pytest.raises(UsageError, match=r"no usable row: 1 skipped: no failure in this job \(0_package\.txt\)"):
        read(write_zip(tmp_path / "logs.zip", {"0_package.txt": log}))


def test_a_failure_in_the_middle_of_a_large_log_is_seen(tmp_path: Path) -> None:
    """Although the middle is not kept."""
    lines = [f"2026-11-24T10:00:02.0000000Z stir {number * number}\n" for number in range(60_000)]
    log = "".join([lines[0] * 9000, GITHUB_FAILED, *lines])
    ((row,), _) = read(write_zip(tmp_path / "logs.zip", {"0_package.txt": log}))
    assert (2, True, True) == (row.exit_code, len(row.text) <= 1024 * 1024, "bytes left out" in row.text)
    assert row.text.endswith(lines[-1])
    assert "Error 3" not in row.text


@pytest.mark.parametrize(
    "members",
    [
        {"notes.txt": GITHUB_FAILED},
        {"0_package.log": GITHUB_FAILED},
        {"0_package.txt": "no time before the lines\n##[error]\n"},
        {},
    ],
)
def test_other_archives_are_not_taken_for_it(tmp_path: Path, members: dict[str, str]) -> None:
    """Names and first lines must both fit."""
    path = write_zip(tmp_path / "logs.zip", members)
    assert not recognises(Source(path))
    with pytest.raises(UsageError, match=r"logs\.zip: no importer recognises it"):
        read_history(path)


def test_an_empty_first_log_hides_no_other(tmp_path: Path) -> None:
    """A job that was skipped logs nothing."""
    path = write_zip(tmp_path / "logs.zip", {"0_never.txt": "", "1_package.txt": GITHUB_FAILED})
    assert ["package"] == [row.context.job for row in read(path)[0]]
