"""What every installed importer must do, built in or not."""

from __future__ import annotations

import gzip
import inspect
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeVar

import pytest
from support.job_logs import GITHUB_FAILED, GITLAB_FAILED, JENKINS_FAILED, write_tar, write_zip

from errclass.core.errors import UsageError
from errclass.outcomes.reading import read_history
from errclass.outcomes.reading.importer import Importer
from errclass.outcomes.reading.registry import GROUP, list_importers
from errclass.outcomes.reading.source import Source

T = TypeVar("T")

HISTORY = {
    "csv": ("history.csv", b"text,label\nlink down,network\n"),
    "jsonl": ("history.jsonl", b'{"text": "link down", "label": "network"}\n'),
    "junit": ("report.xml", b"<testsuite><testcase name='a'><failure>1 != 2</failure></testcase></testsuite>"),
    "logs": ("build.log", b"link down\n"),
    "gitlab-ci": ("trace.log", GITLAB_FAILED.encode()),
    "jenkins": ("console.log", JENKINS_FAILED.encode()),
}
CONTENTS = {
    "nothing": b"",
    "blanks": b" \n\n",
    "binary": bytes(range(256)) * 20,
    "no gzip": b"\x1f\x8b" + b"no gzip at all",
    "packed noise": gzip.compress(bytes(range(256)) * 20, mtime=0),
    "no zip": b"PK\x03\x04 no zip at all",
    "no tar": bytes(257) + b"ustar" + bytes(300),
    "one line": b"x" * 100_000,
    "controls": "\x1b]0;title\x07 \u202e ☕\n".encode() * 50,
    "utf-16": "link down\n".encode("utf-16"),
    **{name: content for name, (_, content) in HISTORY.items()},
}


@pytest.fixture(scope="session", params=list_importers())
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each installed importer in turn."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def importer(name: str) -> Importer:
    """Return the importer itself."""
    (point,) = entry_points(group=GROUP, name=name)
    found = point.load()
    assert isinstance(found, Importer)
    return found


@pytest.fixture
def own(name: str, tmp_path: Path) -> Path:
    """Return a file that the importer is for."""
    if name == "github-actions":
        return write_zip(tmp_path / "logs.zip", {"0_package.txt": GITHUB_FAILED})
    if name == "parquet":
        import duckdb

        duckdb.sql("SELECT 'link down' AS text").write_parquet(str(tmp_path / "history.parquet"))
        return tmp_path / "history.parquet"
    if name not in HISTORY:
        pytest.skip(f"this test has no file for {name}")
    (tmp_path / HISTORY[name][0]).write_bytes(HISTORY[name][1])
    return tmp_path / HISTORY[name][0]


def test_it_is_told_apart_from_all_others(name: str, importer: Importer, own: Path) -> None:
    """One that is for a kind of file recognises it, and what it reads is what is read without naming it."""
    assert importer.recognises(Source(own)) is True
    assert list(read_history(own).rows) == list(read_history(own, importer=name).rows) != []


def test_it_takes_the_one_argument_that_there_is(importer: Importer) -> None:
    """What else a later version hands over is one more field of the source."""
    assert [1, 1] == [len(inspect.signature(f).parameters) for f in (importer.recognises, importer.read)]


def answer(function: Callable[[], T]) -> T | str:
    """Return what the function does, or the one line that says why it does not."""
    try:
        return function()
    except UsageError as error:
        return str(error)


def is_clear(line: str, path: Path) -> bool:
    """Tell whether the line names the file, and no fault of the importer."""
    return str(path) in line and "failed at" not in line


@pytest.mark.parametrize("suffix", ["", ".log", ".csv", ".xml", ".zip", ".gz", ".tar"])
def test_any_file_is_answered(name: str, importer: Importer, tmp_path: Path, suffix: str) -> None:
    """Recognising is yes or no, reading gives usable rows; or there is one clear line that names the file."""
    path = tmp_path / f"any{suffix}"
    for content in CONTENTS.values():
        path.write_bytes(content)
        told = answer(lambda: importer.recognises(Source(path)))
        assert told in {True, False} or is_clear(str(told), path), told
        found = answer(lambda: list(read_history(path, importer=name).rows))
        if isinstance(found, str):
            assert is_clear(found, path), found
        else:
            assert all(row.text.strip() and "\x00" not in row.text and row.place for row in found)


def test_recognising_is_cheap(importer: Importer, tmp_path: Path) -> None:
    """A file of a gigabyte is not read for it: only the first bytes of this one are text at all."""
    path = tmp_path / "large.log"
    with path.open("wb") as file:
        file.write(b"link down\n")
        file.truncate(1 << 30)
    source = Source(path)
    importer.recognises(source)
    assert len(source.packed_head) == 64 * 1024


def test_a_folder_is_answered_too(importer: Importer, tmp_path: Path) -> None:
    """Most importers read files only."""
    assert importer.recognises(Source(tmp_path)) in {True, False}


def test_reading_again_gives_the_same(name: str, own: Path) -> None:
    """Importing the same file again adds nothing, so rows depend on nothing but the file."""
    assert list(read_history(own, importer=name).rows) == list(read_history(own, importer=name).rows)


def test_the_order_of_asking_does_not_matter(tmp_path: Path) -> None:
    """No two importers but the one for plain logs recognise the same file."""
    paths = [
        write_zip(tmp_path / "a.zip", {"0_package.txt": GITHUB_FAILED}),
        write_tar(tmp_path / "b.tgz", {"job.log": GITLAB_FAILED}),
        write_zip(tmp_path / "c.zip", {"log": JENKINS_FAILED}),
    ]
    for file, content in HISTORY.values():
        (tmp_path / file).write_bytes(content)
        paths.append(tmp_path / file)
    importers = {point.name: point.load() for point in entry_points(group=GROUP) if point.name != "logs"}
    found = {path.name: [name for name, one in importers.items() if one.recognises(Source(path))] for path in paths}
    assert {} == {path: names for path, names in found.items() if len(names) != 1 and path != "build.log"}
