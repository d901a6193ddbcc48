"""Logs of CI systems are taken into the store as their systems give them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import Finished, call_errclass
from support.job_logs import (
    GITHUB_FAILED,
    GITHUB_PASSED,
    GITLAB_FAILED,
    GITLAB_PASSED,
    JENKINS_FAILED,
    end_jenkins,
    write_gzip,
    write_tar,
    write_zip,
)

from errclass.core.types import Outcome
from errclass.outcomes import Store


def import_files(*arguments: object) -> Finished:
    return call_errclass("outcomes", "import", *arguments, "--format", "json")


def stored(home: Path) -> list[Outcome]:
    with Store(home / "store") as store:
        return sorted(store.outcomes(), key=lambda outcome: outcome.time)


def test_a_github_archive_becomes_outcomes(home: Path, tree: Path) -> None:
    """One per failed job, with its name, time and exit code; the healthy job is told."""
    write_zip(tree / "logs.zip", {"0_package.txt": GITHUB_FAILED, "1_docs.txt": GITHUB_PASSED})
    done = import_files("logs.zip")
    assert (0, 1, 0) == (done.code, done.json[0]["rows"], done.json[0]["labelled"])
    assert ["1 skipped: no failure in this job (1_docs.txt)"] == done.json[0]["skipped"]
    (outcome,) = stored(home)
    assert ("package", "import", False, 2) == (
        outcome.context.job,
        outcome.context.source,
        outcome.success,
        outcome.exit_code,
    )
    assert "2026-11-24T10:00:00" == outcome.time.isoformat()[:19]
    assert "kettle.cfg: No such file or directory" in outcome.text


def test_all_kinds_can_be_named_in_one_command(home: Path, tree: Path) -> None:
    """Each is recognised on its own."""
    paths = [
        write_zip(tree / "logs.zip", {"0_package.txt": GITHUB_FAILED}),
        write_gzip(tree / "trace.log.gz", GITLAB_FAILED),
        write_tar(tree / "traces.tgz", {"1.log": GITLAB_FAILED, "2.log": GITLAB_PASSED}),
        write_zip(tree / "builds.zip", {"1/log": JENKINS_FAILED, "2/log": end_jenkins("ABORTED")}),
    ]
    (tree / "build.log").write_text("link down\n")
    done = import_files(*paths, "build.log")
    assert [1, 1, 1, 2, 1] == [report["rows"] for report in done.json]
    outcomes = stored(home)
    assert {(False, 2), (False, 7), (False, 4), (None, None)} == {(one.success, one.exit_code) for one in outcomes}
    assert [True] == [one.context.cancelled for one in outcomes if one.context.cancelled]


def test_importing_an_archive_again_adds_nothing(home: Path, tree: Path) -> None:
    """The same job is the same failure, also from another copy of the archive."""
    write_zip(tree / "logs.zip", {"0_package.txt": GITHUB_FAILED})
    (tree / "copy.zip").write_bytes((tree / "logs.zip").read_bytes())
    assert [1, 1, 1] == [report["rows"] for report in import_files("logs.zip", "logs.zip", "copy.zip").json]
    assert 1 == len(stored(home))


@pytest.mark.parametrize(
    ("name", "size", "problem"),
    [
        ("../0_package.txt", 9, "its member '../0_package.txt' leads out of the archive"),
        ("1_zeros.txt", 9_000_000, "unpacks to more than 200 times its size"),
    ],
)
def test_a_hostile_archive_leaves_nothing(home: Path, tree: Path, name: str, size: int, problem: str) -> None:
    """Neither rows nor files; one line says why."""
    write_zip(tree / "logs.zip", [("0_package.txt", GITHUB_FAILED), (name, bytes(size))])
    before = sorted(tree.parent.rglob("*"))
    done = import_files("logs.zip")
    assert (2, "", 1) == (done.code, done.out, len(done.err.splitlines()))
    assert done.err.startswith("errclass: logs.zip")
    assert problem in done.err
    assert before == [path for path in sorted(tree.parent.rglob("*")) if home not in (path, *path.parents)]
    assert [] == stored(home)


def test_an_importer_can_be_chosen(home: Path, tree: Path) -> None:
    """Where the first lines were lost, and where the name misleads."""
    (tree / "tail.log").write_text("brew: out of leaves\nFinished: UNSTABLE\n")
    (tree / "history.dat").write_text("text,label\nlink down,network\n")
    assert [None] == [outcome.success for outcome in stored_after(home, "tail.log")]
    assert [False] == [outcome.success for outcome in stored_after(home, "tail.log", "--importer", "jenkins")]
    assert 1 == import_files("history.dat", "--importer", "csv").json[0]["labelled"]


def stored_after(home: Path, *arguments: object) -> list[Outcome]:
    assert 0 == import_files(*arguments).code
    return stored(home)


@pytest.mark.parametrize("command", ["outcomes import", "models evaluate", "train --no-corpus --no-store"])
def test_what_nobody_recognises_is_one_clear_line(tree: Path, command: str) -> None:
    """Whichever command is to read it."""
    write_zip(tree / "photos.zip", {"kettle.png": b"\x89PNG"})
    done = call_errclass(*command.split(), "photos.zip")
    assert (2, 1) == (done.code, len(done.err.splitlines()))
    assert "photos.zip: no importer recognises it; installed: csv, github-actions" in done.err


def test_training_takes_an_archive(tree: Path) -> None:
    """Its jobs have no labels, so they count where an exact code in them tells what they are."""
    codes = {
        "0_a.txt": GITHUB_FAILED.replace(
            "kettle.cfg: No such file or directory", "OSError: [Errno 28] No space left on device"
        ),
        "1_b.txt": GITHUB_FAILED.replace(
            "kettle.cfg: No such file or directory", "Error: connect ECONNREFUSED 192.0.2.7:443"
        ),
        "2_c.txt": GITHUB_PASSED,
    }
    write_zip(tree / "logs.zip", codes)
    (tree / "history.csv").write_text("text,label\nlink down,network\nassert 1 == 2,test\n")
    done = call_errclass(
        "train", "history.csv", "logs.zip", "--no-corpus", "--no-store", "--out", tree / "model", "--format", "json"
    )
    assert 0 == done.code, done.err
    assert 2 == done.json["weak_labels"] + done.json["left_out"]
    assert {"logs.zip": ["1 skipped: no failure in this job (2_c.txt)"]} == done.json["skipped"]


def test_names_in_an_archive_do_nothing_to_a_terminal(tree: Path) -> None:
    """They are input from strangers."""
    members = {"0_package.txt": GITHUB_FAILED, "1_\x1b]0;owned\x07.txt": GITHUB_FAILED, "\u202egnp.kettle": "x"}
    write_zip(tree / "logs.zip", members)
    done = call_errclass("outcomes", "import", "logs.zip")
    assert (0, "") == (done.code, done.err)
    assert "2 skipped: control characters in its name" in done.out
    assert not {"\x1b", "\x07", "\u202e"} & set(done.out)
