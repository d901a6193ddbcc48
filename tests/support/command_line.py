"""The command line: called within the test's process, or started as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner

from errclass.cli import main


@dataclass(frozen=True, slots=True)
class Finished:
    """Hold what a call of the command line left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON, line by line."""
        return [json.loads(line) for line in self.out.splitlines()]


def call_errclass(*arguments: object, stdin: bytes = b"") -> Finished:
    """Run the command line through its own ``main`` within this process."""
    with (
        CliRunner().isolation(input=stdin) as (out, err, _),
        patch.object(sys, "argv", ["errclass", *map(str, arguments)]),
    ):
        code = _exit_code()
        sys.stdout.flush()
        sys.stderr.flush()
        return Finished(code, out.getvalue().decode(), err.getvalue().decode())


def start_errclass(
    *arguments: object,
    cwd: Path,
    stdin: bytes = b"",
    environ: Mapping[str, str] | None = None,
    program: Sequence[str] = ("-m", "errclass"),
) -> Finished:
    """Run the command line as a process of its own, as a user would."""
    command = [sys.executable, *program, *map(str, arguments)]
    environment = {**os.environ, **(environ or {})}
    done = subprocess.run(command, cwd=cwd, input=stdin, env=environment, capture_output=True, check=False)
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def _exit_code() -> int:
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0
