"""The Python that made a virtual environment: a new one has to be made by the same."""

from __future__ import annotations

import os
from pathlib import Path

from .recipe import Recipe

ENVIRONMENT = ".venv"
_MAX_BYTES = 1 << 16


def find_base_pythons(recipe: Recipe, work: Path) -> dict[str, str]:
    """Return the program that is meant by ``python3`` where a recipe takes ``.venv`` away; empty where none is known.

    To be asked before it is taken away: an environment that is activated would give the next best on the PATH.
    """
    if not any(touch.path == ENVIRONMENT and touch.how == "aside" for touch in recipe.touches):
        return {}
    folder = work / ENVIRONMENT
    candidates = (os.path.realpath(folder / "bin" / "python"), _read_settings(folder).get("executable", ""))
    found = next((one for one in candidates if _is_outside(one, work) and os.access(one, os.X_OK)), None)
    return {"python3": found} if found else {}


def _is_outside(program: str, work: Path) -> bool:
    return Path(program).is_absolute() and Path(program).is_file() and not Path(program).is_relative_to(work)


def _read_settings(folder: Path) -> dict[str, str]:
    try:
        with (folder / "pyvenv.cfg").open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}
