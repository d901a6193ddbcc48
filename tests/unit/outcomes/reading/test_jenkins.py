from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.job_logs import (
    GITLAB_FAILED,
    JENKINS_FAILED,
    end_jenkins,
    stamp_jenkins,
    write_gzip,
    write_tar,
    write_zip,
)

from errclass.core.errors import UsageError
from errclass.outcomes.reading import Row, read_history
from errclass.outcomes.reading.jenkins import recognises
from errclass.outcomes.reading.source import Source

NOTE = "\x1b[8mha:////4AbC+dEf/g==\x1b[0m"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["consoleText", "console.log", "42.txt"])
def test_a_failed_build_is_a_row(tmp_path: Path, name: str) -> None:
    """The text is as the console has it."""
    row = Row(JENKINS_FAILED, name, success=False, exit_code=4)
    assert [row] == list(read_history(write(tmp_path / name, JENKINS_FAILED)).rows)


def test_stamped_lines_are_read_too(tmp_path: Path) -> None:
    """And tell when it began."""
    (row,) = read_history(write(tmp_path / "console.log", stamp_jenkins(JENKINS_FAILED))).rows
    assert (False, datetime(2026, 11, 24, 10, tzinfo=UTC), 4) == (row.success, row.time, row.exit_code)


def test_hidden_notes_are_read_over(tmp_path: Path) -> None:
    """The raw log on the server has them."""
    text = JENKINS_FAILED.replace("[Pipeline]", NOTE + "[Pipeline]").replace("Started", NOTE + "Started")
    assert [4] == [row.exit_code for row in read_history(write(tmp_path / "log", text)).rows]


@pytest.mark.parametrize(
    ("text", "success", "cancelled"),
    [
        (end_jenkins("FAILURE"), False, False),
        (end_jenkins("UNSTABLE"), False, False),
        (end_jenkins("ABORTED"), False, True),
        (JENKINS_FAILED.replace("Finished: FAILURE\n", ""), None, False),
        (JENKINS_FAILED.replace("FAILURE", "SUCCESS") + "stirred once more\n", None, False),
    ],
)
def test_the_last_line_tells_how_it_ended(tmp_path: Path, text: str, success: bool | None, cancelled: bool) -> None:
    """A console that was cut off does not tell, and neither does a line before the last."""
    (row,) = read_history(write(tmp_path / "console.log", text)).rows
    assert (success, cancelled) == (row.success, row.context.cancelled)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (end_jenkins("SUCCESS"), "the job succeeded"),
        (stamp_jenkins(end_jenkins("SUCCESS")), "the job succeeded"),
        (end_jenkins("SUCCESS").rstrip("\n") + "\r\n \n", "the job succeeded"),
        (end_jenkins("NOT_BUILT"), "the job did not run"),
    ],
)
def test_a_build_that_did_not_fail_is_skipped(tmp_path: Path, text: str, reason: str) -> None:
    """Whatever its console says went wrong on the way."""
    with pytest.raises(UsageError, match=rf"1 skipped: {reason} \(console\.log\)"):
        read_history(write(tmp_path / "console.log", text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("build.log", "brew: out of leaves\nStarted by mistake\nFinished: SUCCESS\n"),
        ("build.log", "see [Pipeline] in the manual\n"),
        ("build.log", GITLAB_FAILED),
        ("history.jsonl", JENKINS_FAILED),
    ],
)
def test_other_files_are_not_taken_for_it(tmp_path: Path, name: str, text: str) -> None:
    """A plain log is kept, whatever its last line is."""
    assert not recognises(Source(write(tmp_path / name, text)))


def test_a_freestyle_build_is_recognised_by_who_started_it(tmp_path: Path) -> None:
    """It has no pipeline."""
    text = "Started by an SCM change\nBuilding in workspace /srv/tea\nbrew: out of leaves\nFinished: FAILURE\n"
    assert [False] == [row.success for row in read_history(write(tmp_path / "log", text)).rows]


def test_packed_consoles_are_read(tmp_path: Path) -> None:
    """One by gzip, several in an archive."""
    members = {"1/log": JENKINS_FAILED, "2/log": end_jenkins("SUCCESS"), "3/log": end_jenkins("ABORTED")}
    single = read_history(write_gzip(tmp_path / "log.gz", JENKINS_FAILED))
    assert [("log.gz", 4)] == [(row.place, row.exit_code) for row in single.rows]
    for path in (write_zip(tmp_path / "builds.zip", members), write_tar(tmp_path / "builds.tgz", members)):
        history = read_history(path)
        assert [("1/log", False), ("3/log", True)] == [(row.place, row.context.cancelled) for row in history.rows]
        assert {"the job succeeded": ["2/log"]} == history.skipped.places
