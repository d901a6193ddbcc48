"""Read a settings file of a working tree: a stranger's file, so with limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TREE_FILES = ("errclass.toml", "pyproject.toml")
"""Files of a working tree that may hold settings."""
RULES = "decision.rules"
RECIPES = "recovery.recipes"
_MAX_BYTES = 1 << 20
# The parser's time grows with the square of a dotted key's length: a hostile file of 40 KB would take seconds.
_MAX_DOTS = 300


def read_bytes(file: Path) -> bytes:
    """Read a settings file; a link may lead to anything, such as a device that never ends."""
    if file.is_symlink():
        raise ValueError("it is a symbolic link")
    if file.stat().st_size > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES >> 20} MiB")
    return file.read_bytes()


def parse_settings(content: bytes, name: str) -> dict[str, Any]:
    """Return the settings of a file with this name, flat; raise ValueError, TypeError or RecursionError otherwise."""
    if any(line.count(b".") > _MAX_DOTS for line in content.split(b"\n")):
        raise ValueError(f"a line holds more than {_MAX_DOTS} dots")
    table: Any = tomllib.loads(content.decode())
    for part in ("tool", "errclass") if name == "pyproject.toml" else ():
        table = table.get(part, {})
        if not isinstance(table, dict):
            raise TypeError(f"{part} is no table")
    return flatten(table)


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested tables as dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def list_rule_folders(file: Path, values: Mapping[str, Any]) -> list[Path]:
    """Return the folders of rules that a settings file names; raise ValueError unless all lie below its own folder."""
    return _list_folders(file, values.get(RULES, []))


def list_recipe_folders(file: Path, values: Mapping[str, Any]) -> list[Path]:
    """Return the folders of recipes that a settings file names; raise ValueError likewise."""
    return _list_folders(file, values.get(RECIPES, []))


def _list_folders(file: Path, names: Any) -> list[Path]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("it must be a list of folders")
    root = file.parent.resolve()
    folders = [file.parent / name for name in names]
    for folder in folders:
        if root not in folder.resolve().parents:
            raise ValueError("the folders must lie below the settings file")
    return folders
