"""Other programs, run so that a failed one shows what it printed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest


def run_program(command: Sequence[str], *, cwd: Path, environ: Mapping[str, str] | None = None) -> str:
    """Run a program and return its standard output; fail the test with all its output when it fails."""
    environment = {**os.environ, **(environ or {})}
    finished = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        pytest.fail(f"{command} exited with {finished.returncode}:\n{finished.stdout}{finished.stderr}", pytrace=False)
    return finished.stdout
