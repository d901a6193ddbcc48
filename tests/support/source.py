"""The source tree, for tests about the repository itself."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from support.programs import require_program

ROOMS = (
    "actions",
    "classify",
    "cli",
    "core",
    "data",
    "models",
    "outcomes",
    "reports",
    "rules",
    "serve",
    "system",
    "testing",
)
ROOT_FILES = ("__init__.py", "__main__.py", "py.typed")


def find_source() -> Path:
    """Return the repository: ``ERRCLASS_SOURCE`` where the tests run outside of it, else the folder above them."""
    return Path(os.environ.get("ERRCLASS_SOURCE") or Path(__file__).resolve().parents[2])


def list_tracked(folder: Path) -> list[str]:
    """Return the files that git tracks, or would with the next ``git add``, as they stand in the working tree."""
    git = require_program("git")
    command = [git, "-C", str(folder), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return sorted({name for name in listed.split("\0") if name and (folder / name).is_file()})


def list_package(folder: Path) -> list[str]:
    """Return the tracked files that make up the package."""
    return [name for name in list_tracked(folder) if name in ROOT_FILES or name.split("/")[0] in ROOMS]


def read_project(folder: Path) -> dict[str, Any]:
    """Return ``pyproject.toml``."""
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
