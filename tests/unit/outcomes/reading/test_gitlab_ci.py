from __future__ import annotations

import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.job_logs import (
    GITLAB_FAILED,
    GITLAB_PASSED,
    GITLAB_STAMPED,
    JENKINS_FAILED,
    write_gzip,
    write_tar,
    write_zip,
)

from errclass.core.errors import UsageError
from errclass.core.types import Context
from errclass.outcomes.reading import Row, read_history
from errclass.outcomes.reading.gitlab_ci import recognises
from errclass.outcomes.reading.source import Source

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("name", ["job.log", "trace", "job.trace", "job.txt"])
def test_a_failed_job_is_a_row(tmp_path: Path, name: str) -> None:
    """Its start is that of the first section; the text is as the trace has it."""
    row = Row(GITLAB_FAILED, name, success=False, time=START, exit_code=7)
    assert [row] == list(read_history(write(tmp_path / name, GITLAB_FAILED)).rows)


def test_stamped_lines_are_read_too(tmp_path: Path) -> None:
    """As newer runners write them."""
    (row,) = read_history(write(tmp_path / "job.log", GITLAB_STAMPED)).rows
    assert (GITLAB_STAMPED, False, START, 7) == (row.text, row.success, row.time, row.exit_code)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("ERROR: Job failed: exit status 1", (False, 1, False)),
        ("ERROR: Job failed: command terminated with exit code 137", (False, 137, False)),
        ("ERROR: Job failed (system failure): Cannot connect to the Docker daemon", (False, None, False)),
        ("ERROR: Job failed: canceled", (False, None, True)),
        ("ERROR: Job failed: execution took longer than 1h0m0s seconds", (False, None, False)),
        ("brewing", (None, None, False)),
    ],
)
def test_the_last_line_tells_how_it_ended(
    tmp_path: Path, end: str, expected: tuple[bool | None, int | None, bool]
) -> None:
    """A trace that was cut off does not tell."""
    text = GITLAB_FAILED.replace("ERROR: Job failed: exit code 7", end)
    (row,) = read_history(write(tmp_path / "job.log", text)).rows
    assert expected == (row.success, row.exit_code, row.context.cancelled)


def test_a_successful_job_is_no_failure(tmp_path: Path) -> None:
    """Even though its log says what went wrong on the way."""
    with pytest.raises(UsageError, match=r"1 skipped: the job succeeded \(job\.log\)"):
        read_history(write(tmp_path / "job.log", GITLAB_PASSED))


def test_the_end_is_the_runners(tmp_path: Path) -> None:
    """What a script prints of success in the middle of a line or before the end counts for nothing."""
    text = GITLAB_FAILED.replace("$ ./brew", "Job succeeded\nour Job succeeded\n$ ./brew")
    assert [False] == [row.success for row in read_history(write(tmp_path / "job.log", text)).rows]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("build.log", "see section_start:1795514400:step_script in the manual\nERROR: out of leaves\n"),
        ("build.log", "$ ./brew\nERROR: Job failed: exit code 1\n"),
        ("build.log", JENKINS_FAILED),
        ("history.csv", f'text,label\n"{GITLAB_FAILED}",network\n'),
        ("build.md", GITLAB_FAILED),
    ],
)
def test_other_files_are_not_taken_for_it(tmp_path: Path, name: str, text: str) -> None:
    """Only the runner's own marks, at the begin of a line, in a file that may be a log."""
    assert not recognises(Source(write(tmp_path / name, text)))


@pytest.mark.parametrize("name", ["traces.zip", "traces.tar", "traces.tar.gz", "traces.tgz"])
def test_an_archive_of_traces_is_read_as_one_file(tmp_path: Path, name: str) -> None:
    """Each member on its own; what is no trace of a failed job is counted."""
    members: dict[str, str | bytes] = {
        "1.log": GITLAB_FAILED,
        "sub/2.log": GITLAB_PASSED,
        "sub/3.log": GITLAB_FAILED,
        "4.log": JENKINS_FAILED,
        "inner.zip": b"PK\x03\x04",
        "photo.png": b"\x89PNG",
    }
    history = read_history((write_zip if name == "traces.zip" else write_tar)(tmp_path / name, members))
    assert [("1.log", 7), ("sub/3.log", 7)] == [(row.place, row.exit_code) for row in history.rows]
    assert {
        "the job succeeded": ["sub/2.log"],
        "no trace of a GitLab job": ["4.log"],
        "an archive inside of the archive": ["inner.zip"],
        "no log by its name": ["photo.png"],
    } == history.skipped.places


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_of_every_kind_of_tar_are_read(tmp_path: Path, form: int) -> None:
    """Each kind stores them in its own way."""
    name = "/".join(["kettle" * 12, "leaf" * 20, "job.log"])
    history = read_history(write_tar(tmp_path / "traces.tar", {name: GITLAB_FAILED, "b.log": GITLAB_FAILED}, form=form))
    assert [name, "b.log"] == [row.place for row in history.rows]


def test_a_packed_trace_is_read(tmp_path: Path) -> None:
    """One file packed by gzip is one trace."""
    row = Row(GITLAB_FAILED, "job.log.gz", success=False, time=START, exit_code=7, context=Context())
    assert [row] == list(read_history(write_gzip(tmp_path / "job.log.gz", GITLAB_FAILED)).rows)


def test_a_packed_trace_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """Its end, which tells how the job ended, is missing."""
    path = write_gzip(tmp_path / "job.log.gz", GITLAB_FAILED + "".join(f"{n * n}\n" for n in range(9999)))
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UsageError, match=r"1 skipped: damaged.*\(job\.log\.gz\)"):
        read_history(path)


def test_a_large_trace_keeps_its_ends(tmp_path: Path) -> None:
    """Packed or not, the same of it."""
    text = GITLAB_FAILED.replace("$ ./brew", "".join(f"stir {n * n}\n" for n in range(200_000)) + "$ ./brew")
    rows = [
        next(read_history(path).rows)
        for path in (write(tmp_path / "job.log", text), write_zip(tmp_path / "job.zip", {"job.log": text}))
    ]
    assert [rows[0].text] == list({row.text for row in rows})
    assert (START, 7, True) == (rows[0].time, rows[0].exit_code, len(rows[0].text) <= 1024 * 1024)
