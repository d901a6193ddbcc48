"""The wheel, built once from the tracked files, and an installation of it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from support.running import run_program
from support.source import find_source, list_tracked


@pytest.fixture(scope="session")
def source() -> Path:
    """Return the repository."""
    return find_source()


@pytest.fixture(scope="session")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from a copy of the tracked files: what lies about in the tree cannot get in."""
    copy, built = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in list_tracked(source):
        if not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, copy / name)
    program = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    run_program([sys.executable, "-c", program, str(built)], cwd=copy)
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds nothing but the installed wheel."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-index", "--disable-pip-version-check", "--quiet", "--target", str(folder)]
    run_program([sys.executable, "-m", "pip", "install", *options, str(wheel)], cwd=folder)
    return folder
