"""System programs that some tests need."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

import pytest


def require_program(name: str, folders: Sequence[str] = ()) -> str:
    """Return a program's path; without it the test fails in CI and is skipped, with the program's name, elsewhere.

    It is looked for on the PATH, then in ``folders``.
    """
    path = shutil.which(name) or shutil.which(name, path=os.pathsep.join(folders))
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and CI must not skip what needs it", pytrace=False)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path
