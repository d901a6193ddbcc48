"""Paths in settings: where they start from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..tree_file import RECIPES, RULES

_PATHS = ("store", "model")


def anchor_paths(values: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
    """Expand ``~`` in paths; those of a file are meant from its folder, wherever the command runs."""

    def resolve(path: Any) -> Any:
        if not isinstance(path, str | Path) or "://" in str(path):
            return path
        expanded = os.path.expanduser(path)  # noqa: PTH111 - as above
        return str(folder / expanded) if folder else str(expanded)

    changed = {key: resolve(values[key]) for key in _PATHS if key in values}
    for key in (RULES, RECIPES):
        folders = values.get(key)
        if isinstance(folders, list | tuple):
            changed[key] = [resolve(path) for path in folders]
    return {**values, **changed}
