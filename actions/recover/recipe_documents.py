"""Read recipe files from disk: text to plain Python values, with errors that name file and key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from ...core.errors import ConfigError
from ...core.strict_yaml import FileKind, read_mapping

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KIND = FileKind(
    "recipes",
    "a recipe starts with keys such as 'title:' and 'fits:'",
    most_bytes=1 << 15,
    error=ConfigError,
    links=False,
)
_MAX_FILES = 500


@dataclass(frozen=True, slots=True)
class Spot:
    """Point to a value of one recipe file."""

    path: Path
    keys: tuple[str | int, ...] = ()

    def at(self, *keys: str | int) -> Spot:
        """Return the spot below this one."""
        return Spot(self.path, (*self.keys, *keys))

    def refuse(self, what: str) -> NoReturn:
        """Raise ConfigError with file, key and ``what``, which says what is wrong and what to do."""
        key = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys).lstrip(".")
        raise ConfigError(f"{self.path}: {key}: {what}" if key else f"{self.path}: {what}")


def list_recipe_files(folder: Path) -> list[Path]:
    """Return the recipe files of a folder by name; raise ConfigError where there are none, or names that are none."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: is no folder of recipes; check the path")
    paths = sorted(islice(folder.glob("*.y*ml"), _MAX_FILES + 1))
    if len(paths) > _MAX_FILES:
        raise ConfigError(f"{folder}: holds more than {_MAX_FILES} recipes; split it")
    for path in paths:
        if path.suffix != ".yaml" or not NAME.fullmatch(path.stem):
            raise ConfigError(f"{path}: is no recipe's name; use lower case and underscores, and end it in .yaml")
    return paths


def read_recipe_file(path: Path) -> dict[str, Any]:
    """Return the one mapping that the file holds; raise ConfigError when it does not hold exactly one."""
    import yaml

    return read_mapping(path, _KIND, yaml)[1]
