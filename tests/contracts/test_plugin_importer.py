"""An importer of a third party reads files through the doors that the built-in ones use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.command_line import Finished, start_errclass

PLUGIN = '''
"""Reads the failures of the Kettle build server: a line ``FAILED job: text`` each."""

from errclass.core.types import Context
from errclass.outcomes.reading import Row


def recognises(source):
    return source.suffix == ".kettle" or source.head.startswith(b"KETTLE ")


def read(source):
    for number, line in enumerate(source.path.read_text().splitlines(), 1):
        state, _, rest = line.partition(" ")
        job, _, text = rest.partition(": ")
        if state == "FAILED":
            yield Row(text, f"line {number}", success=False, context=Context(job=job))
        else:
            source.skipped.add("no failure", f"line {number}")
'''
KETTLE = "KETTLE 1.0\nFAILED tea: link down\nPASSED docs: fine\nFAILED cake: out of disk\n"


def install(site: Path, package: str, points: Mapping[str, str], module: str) -> None:
    """Lay a package out as pip would."""
    info = site / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (site / f"{package}.py").write_text(module, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[errclass.importers]\n{lines}")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with the plug-in installed."""
    folder = tmp_path / "site"
    install(folder, "errclass_kettle", {"kettle": "errclass_kettle"}, PLUGIN)
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a working directory with files of many kinds."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "a.kettle").write_text(KETTLE)
    (folder / "a.log").write_text(KETTLE)
    (folder / "plain.log").write_text("link down\n")
    (folder / "history.csv").write_text("text,label\nlink down,network\n")
    return folder


def call(tree: Path, site: Path, *arguments: str) -> Finished:
    environ = {"PYTHONPATH": str(site), "ERRCLASS_HOME": str(tree.parent / "home")}
    return start_errclass(*arguments, cwd=tree, environ=environ)


def import_file(tree: Path, site: Path, *arguments: str) -> Finished:
    return call(tree, site, "outcomes", "import", "--format", "json", *arguments)


@pytest.mark.parametrize("name", ["a.kettle", "a.log"])
def test_a_plug_in_reads_what_it_recognises(tree: Path, site: Path, name: str) -> None:
    """By a suffix of its own, or by the first bytes of what would else be a plain log; what it skips is told."""
    done = import_file(tree, site, name)
    assert (0, "") == (done.code, done.err)
    assert (2, ["2 skipped: no failure (line 1, line 3)"]) == (done.json[0]["rows"], done.json[0]["skipped"])


def test_a_plug_in_is_imported_only_when_it_is_asked(tree: Path, site: Path) -> None:
    """A file that a built-in importer recognises costs nothing of others."""
    program = (
        "import sys; from errclass.outcomes import read_history; rows = list(read_history('history.csv').rows); "
        "print(len(rows), 'errclass_kettle' in sys.modules)"
    )
    environ = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-W", "error", "-c", program]
    assert (
        "1 False\n" == subprocess.run(command, capture_output=True, text=True, check=True, cwd=tree, env=environ).stdout
    )


def test_a_plug_in_can_be_forced(tree: Path, site: Path) -> None:
    """Upon a file that it would not recognise; and a built-in one upon a file that the plug-in would take."""
    (tree / "a.csv").write_text(KETTLE)
    assert 2 == import_file(tree, site, "a.csv", "--importer", "kettle").json[0]["rows"]
    assert 1 == import_file(tree, site, "a.log", "--importer", "logs").json[0]["rows"]


def test_training_reads_it_too(tree: Path, site: Path) -> None:
    """Without being told of it; there are too few texts here to learn from, which is what it says."""
    done = call(tree, site, "models", "evaluate", "a.kettle")
    assert (2, "errclass: a.kettle: no text has a label to compare with") == (
        done.code,
        done.err.strip().partition(";")[0],
    )


@pytest.mark.parametrize(
    ("module", "problem"),
    [
        (
            "import no_such_module_at_all\n",
            "cannot be imported: ModuleNotFoundError: No module named 'no_such_module_at_all'",
        ),
        ("raise KeyError('leaf')\n", "cannot be imported: KeyError: 'leaf'"),
        ("def read(source): ...\n", "lacks the functions recognises and read"),
        (
            "def recognises(source): return 1 / 0\ndef read(source): ...\n",
            "failed at a.log: ZeroDivisionError: division by zero",
        ),
        ("def recognises(source): return True\ndef read(source): return None\n", "failed at a.log: TypeError"),
        (
            "def recognises(source): return True\ndef read(source): yield None\n",
            "gave NoneType instead of Row for a.log",
        ),
        (
            "def recognises(source): return True\ndef read(source): yield 'link down'\n",
            "gave str instead of Row for a.log",
        ),
        (
            "def recognises(source): return True\ndef read(source):\n yield 1 / 0\n",
            "failed at a.log: ZeroDivisionError",
        ),
    ],
)
def test_a_broken_plug_in_is_named(tree: Path, site: Path, module: str, problem: str) -> None:
    """In one line, without a traceback; files of the built-in importers are read all the same."""
    (site / "errclass_kettle.py").write_text(module)
    done = import_file(tree, site, "a.log")
    assert (2, "", 1) == (done.code, done.out, len(done.err.splitlines()))
    assert done.err.startswith(f"errclass: the importer 'kettle' (errclass_kettle) {problem}"), done.err
    assert 0 == import_file(tree, site, "history.csv").code


def test_two_plug_ins_of_one_name_are_both_named(tree: Path, site: Path) -> None:
    """When the name is used, and only then."""
    install(site, "errclass_other", {"kettle": "errclass_other"}, PLUGIN)
    install(
        site,
        "errclass_third",
        {"csv": "errclass_third"},
        PLUGIN.replace(".kettle", ".third").replace("KETTLE", "THIRD"),
    )
    done = import_file(tree, site, "a.kettle")
    assert 2 == done.code
    assert "several importers are called 'kettle': errclass_kettle of errclass_kettle and errclass_other of" in done.err
    assert "'csv': errclass.outcomes.reading.delimited of errclass and" in import_file(tree, site, "history.csv").err
    assert 0 == import_file(tree, site, "plain.log").code


def test_an_unknown_importer_is_told_the_names_of_all(tree: Path, site: Path) -> None:
    """The plug-in's among them; nothing is created."""
    done = import_file(tree, site, "a.log", "--importer", "teapot")
    assert 2 == done.code
    assert "no importer is called 'teapot'; installed: csv, github-actions, gitlab-ci, jenkins" in done.err
    assert "kettle" in done.err


def test_what_a_plug_in_gives_is_masked_and_bounded(tree: Path, site: Path) -> None:
    """It is held to the same as the built-in ones."""
    token = "ghp_" + "Qw3rTy7uIo" * 4
    (tree / "a.kettle").write_text(f"FAILED {token}: push with {token} refused {'x ' * 2_000_000}\nFAILED docs: \n")
    done = import_file(tree, site, "a.kettle")
    assert (1, ["1 skipped: empty text (line 2)"]) == (done.json[0]["rows"], done.json[0]["skipped"])
    kept = b"".join(path.read_bytes() for path in (tree.parent / "home").rglob("*") if path.is_file())
    assert token.encode() not in kept
    assert json.loads(call(tree, site, "outcomes", "stats", "--format", "json").out)["outcomes"] == 1
