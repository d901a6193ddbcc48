"""Type checkers see the public names of the installed wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

FOLDER = Path(__file__).resolve().parents[1] / "typing"


def run_mypy(file: Path, installed: Path, cache: Path) -> tuple[int, str]:
    """Check a file against the installed wheel, strictly; a missing ``type: ignore`` and a needless one are both errors."""
    options = ["--strict", "--follow-imports=silent", "--config-file=", f"--cache-dir={cache}"]
    finished = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cache,
        env={**os.environ, "MYPYPATH": str(installed)},
    )
    return finished.returncode, finished.stdout + finished.stderr


def test_the_public_names_are_typed(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """``errclass.decide`` and its companions are not Any to users."""
    cache = tmp_path_factory.mktemp("mypy")
    code, output = run_mypy(FOLDER / "api.py", installed, cache)
    assert 0 == code, output
    snippet = cache / "snippet.py"
    snippet.write_text("import errclass\nreveal_type(errclass.decide)\n", encoding="utf-8")
    _, output = run_mypy(snippet, installed, cache)
    assert re.search(r'Revealed type is "def \(error: .*Failure.*\) -> errclass\.core\.types\.Decision"', output), (
        output
    )


def test_retries_and_breakers_keep_signatures(installed: Path, tmp_path: Path) -> None:
    """A decorated function takes and returns what it did, as a wrong call shows; pyright reads the same file in CI."""
    code, output = run_mypy(FOLDER / "retries.py", installed, tmp_path)
    assert 0 == code, output
