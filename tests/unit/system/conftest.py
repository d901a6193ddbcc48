"""A home and a working tree of their own for every test of the settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home that does not exist yet, with no other setting in the environment."""
    for name in [name for name in os.environ if name.upper().startswith("ERRCLASS_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "home"
    monkeypatch.setenv("ERRCLASS_HOME", str(path))
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return the root of a repository."""
    path = tmp_path / "repository"
    (path / ".git").mkdir(parents=True)
    return path
