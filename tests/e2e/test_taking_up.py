"""A running process takes up the model that another one promotes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.command_line import call_errclass, start_errclass
from support.corpus import pick_examples, write_jsonl

import errclass
from errclass.system import shared_parts
from errclass.system.deciding import forget_parts

FAILURE = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused"
PROGRAM = """
import sys, errclass
for line in sys.stdin:
    print(errclass.decide(line).model_version, flush=True)
"""
PATIENCE = 20.0


@pytest.fixture
def second(promoted: str, home: Path, tree: Path) -> str:
    """Another model on the shelf, beside the one in use; its reference."""
    history = write_jsonl(tree / "history.jsonl", pick_examples(("network", "syntax"), 9))
    options = ("--no-corpus", "--no-store", "--classifier", "bayes", "--format", "json")
    reference: str = call_errclass("train", history, *options).json["model"]["reference"]
    return reference


def wait_for(answer: Callable[[], str], expected: str) -> str:
    """Ask until the answer is as expected or patience ends, and return the last one."""
    end = time.monotonic() + PATIENCE
    while (found := answer()) != expected and time.monotonic() < end:
        time.sleep(0.05)
    return found


def ask() -> str:
    return errclass.decide(FAILURE).model_version


def promote(reference: str) -> None:
    done = call_errclass("models", "promote", reference, "--force")
    assert 0 == done.code, done.err


def version_of(reference: str) -> str:
    version: str = call_errclass("models", "show", reference, "--format", "json").json["manifest"]["version"]
    return version


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass between two questions."""
    seconds = iter(range(1_000_000))
    usual = shared_parts.SharedParts.__init__.__kwdefaults__
    impatient = {**usual, "clock": lambda: float(next(seconds))}
    monkeypatch.setattr(shared_parts.SharedParts.__init__, "__kwdefaults__", impatient)
    monkeypatch.setattr("errclass.system.deciding._shared", shared_parts.SharedParts())


def test_one_process_decides_while_another_promotes(promoted: str, second: str, tree: Path) -> None:
    """Without a restart, within seconds; every answer in between is one model's or the other's."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def answer() -> str:
        stdin.write(FAILURE + "\n")
        stdin.flush()
        return stdout.readline().strip()

    first, other = version_of(promoted), version_of(second)
    try:
        assert first == answer()
        assert 0 == start_errclass("models", "promote", second, cwd=tree).code
        assert other == wait_for(answer, other)
        assert 0 == start_errclass("models", "rollback", cwd=tree).code
        assert first == wait_for(answer, first)
    finally:
        stdin.close()
        assert 0 == process.wait(PATIENCE)
        stdout.close()


@pytest.mark.usefixtures("impatient")
def test_a_promotion_is_taken_up(promoted: str, second: str) -> None:
    """And so is the way back."""
    first = ask()
    promote(second)
    assert version_of(second) == ask() != first
    call_errclass("models", "rollback")
    assert first == ask()


@pytest.mark.usefixtures("impatient")
def test_a_damaged_model_is_not_taken_up(
    promoted: str, second: str, home: Path, tree: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The one before goes on answering, one warning says so, and the next promotion is taken up again."""
    first = ask()
    assert 0 == start_errclass("models", "promote", second, cwd=tree).code
    (home / "models" / second / "bayes.joblib").write_bytes(b"rubbish")
    assert [first] * 5 == [ask() for _ in range(5)]
    (warning,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert "errclass.model_kept" in warning.message
    assert first in warning.message
    promote("shipped")
    assert ask() not in {first, version_of(promoted)}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("content", ["", "{", '{"model": "default/gone"}'])
def test_a_damaged_pointer_changes_nothing(content: str, promoted: str, home: Path) -> None:
    """Whoever runs goes on."""
    first = ask()
    pointer = home / "models" / "promoted.json"
    pointer.unlink()
    pointer.write_text(content)
    assert first == ask()


@pytest.mark.usefixtures("impatient")
def test_a_model_of_the_settings_stays(
    promoted: str, second: str, home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names a model wants that one."""
    own = shutil.copytree(home / "models" / promoted, tree / "own")
    monkeypatch.setenv("ERRCLASS_MODEL", str(own))
    first = ask()
    promote(second)
    assert [first] * 3 == [ask() for _ in range(3)]


@pytest.mark.usefixtures("impatient")
def test_threads_get_one_model_or_the_other(promoted: str, second: str) -> None:
    """Never half of each, and in the end the new one."""
    versions = {version_of(promoted), version_of(second)}
    ask()
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(ask) for _ in range(50)]
        promote(second)
        answers += [pool.submit(ask) for _ in range(50)]
    assert versions >= {answer.result() for answer in answers}
    assert version_of(second) == ask()


def test_forgetting_loads_anew(promoted: str, second: str) -> None:
    """Whoever cannot wait a second."""
    ask()
    promote(second)
    forget_parts()
    assert version_of(second) == ask()
