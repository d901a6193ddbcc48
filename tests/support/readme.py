"""The code blocks of README.md: read, run, and written anew.

Run as a program (``just docs``) it puts what the console examples really print into README.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^<!-- run by (?P<marker>\S+) -->\n)?^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one fenced block."""

    language: str
    body: str
    marker: str | None
    """Who runs it, where the comment above it says so."""


def list_blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a Markdown text in order."""
    return [Block(match["language"], match["body"], match["marker"]) for match in _BLOCK.finditer(text)]


def list_commands(body: str) -> Iterator[tuple[str, str]]:
    """Return each command of a console block with the output that follows it."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output.rstrip("\n")


class Shell:
    """Run commands as a reader would: with the examples at hand and a home of their own."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._folder = folder / "work"
        self._folder.mkdir()
        for shown in ("data", "rules"):
            (self._folder / shown).symlink_to(source / shown)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environ = {
            "ERRCLASS_HOME": str(folder / "home"),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "PATH": path,
        }

    def export(self, name: str, value: str) -> None:
        """Set a variable for the commands that follow."""
        self._environ[name] = value

    def run(self, command: str) -> str:
        """Return what a command prints, standard error after standard output, without spaces at the ends of lines.

        Raises ValueError with what it printed when the command fails.
        """
        finished = subprocess.run(
            ["sh", "-c", command], cwd=self._folder, env=self._environ, capture_output=True, text=True, check=False
        )
        if finished.returncode:
            raise ValueError(f"{command} exited with {finished.returncode}:\n{finished.stdout}{finished.stderr}")
        lines = (finished.stdout + finished.stderr).splitlines()
        return "\n".join(line.rstrip() for line in lines).strip("\n")


def rewrite_console(text: str, shell: Shell) -> str:
    """Return the Markdown text with the real output under every console command."""

    def run_block(match: re.Match[str]) -> str:
        if match["language"] != "console":
            return match[0]
        parts = [f"$ {command}\n{shell.run(command)}".rstrip("\n") for command, _ in list_commands(match["body"])]
        return "```console\n" + "\n".join(parts) + "\n```"

    return _BLOCK.sub(run_block, text)


if __name__ == "__main__":
    source = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory() as folder:
        readme = source / "README.md"
        readme.write_text(
            rewrite_console(readme.read_text(encoding="utf-8"), Shell(source, Path(folder))), encoding="utf-8"
        )
