"""A project to recover, and a place for journals outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A project with a folder of packages, a script, a link and a lockfile."""
    folder = tmp_path / "work"
    (folder / "packages" / "left-pad").mkdir(parents=True)
    (folder / "packages" / "left-pad" / "index.js").write_text("module.exports = 1\n")
    (folder / "packages" / "left-pad" / "secret").write_text("x")
    (folder / "packages" / "left-pad" / "secret").chmod(0o400)
    (folder / "packages" / "bin").symlink_to("left-pad/index.js")
    (folder / "packages" / "broken").symlink_to("nowhere")
    (folder / "run.sh").write_text("exit 0\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "package-lock.json").write_text("{}\n")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of journals."""
    return tmp_path / "home" / "recovery"
