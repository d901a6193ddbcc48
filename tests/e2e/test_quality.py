"""How right the model in use is, on real failures that nobody trained on; only where these are at hand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import start_errclass
from support.source import find_source

FAILURES = 142
LONG_LOGS = 12


@pytest.fixture(scope="module")
def shared() -> Path:
    """The folder with the labelled failures: ``ERRCLASS_SHARED``, else ``shared`` beside the source."""
    folder = Path(os.environ.get("ERRCLASS_SHARED") or find_source().parent / "shared")
    if not (folder / "eval" / "dev.jsonl").is_file():
        pytest.skip("the labelled failures are not here; name their folder in ERRCLASS_SHARED")
    return folder / "eval"


@pytest.fixture(scope="module")
def scores(shared: Path, full_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Figures of one run over all failures, in one process."""
    folder = tmp_path_factory.mktemp("quality")
    environ = {"ERRCLASS_HOME": str(folder / "home"), "ERRCLASS_MODEL": str(full_model)}
    questions = (shared / "dev.jsonl").read_bytes()
    done = start_errclass("classify", "--jsonl", cwd=folder, stdin=questions, environ=environ)
    wanted = [json.loads(line)["id"] for line in questions.splitlines()]
    # The texts are measured with, not read: no message of this test may show them.
    assert (0, "") == (done.code, done.err)
    assert FAILURES == len(wanted)
    in_order = wanted == [answer["id"] for answer in done.lines]
    assert in_order
    (folder / "answers.jsonl").write_text(done.out, encoding="utf-8")
    return run_score(shared / "score.py", shared / "dev.jsonl", folder / "answers.jsonl")


def run_score(program: Path, *arguments: Path | str, environ: dict[str, str] | None = None) -> dict[str, float]:
    """Return the named figures that a score program prints."""
    command = [sys.executable, str(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **(environ or {})})
    assert 0 == done.returncode
    return {name.lower(): float(value) for name, value in re.findall(r"([\w@/-]+)[ :=]+(\d+\.\d+)", done.stdout)}


def test_the_types_are_right(scores: dict[str, float]) -> None:
    """Macro-F1 over all types."""
    assert scores["macro_f1"] >= 0.55


def test_what_is_worth_a_retry_is_right(scores: dict[str, float]) -> None:
    """Whether an unchanged re-run would help."""
    assert scores["retryable"] >= 0.85


def test_the_lines_that_matter_are_found(shared: Path, full_model: Path, tmp_path: Path) -> None:
    """In whole logs, the labelled lines are among the first ten named."""
    environ = {"ERRCLASS_HOME": str(tmp_path / "home"), "ERRCLASS_MODEL": str(full_model)}
    program = Path(sys.executable).with_name("errclass")
    found = run_score(shared / "score_long.py", shared / "long", program, environ=environ)
    assert found["hit@10"] >= 0.5
