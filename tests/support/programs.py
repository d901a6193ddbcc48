"""System programs that some tests need."""

from __future__ import annotations

import os
import shutil

import pytest


def require_program(name: str) -> str:
    """Return a program's path; without it the test fails in CI and is skipped, with the program's name, elsewhere."""
    path = shutil.which(name)
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and CI must not skip what needs it", pytrace=False)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path
