"""All levels of settings: defaults < user file < environment < flags; a working tree may only tighten the result."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from ...core.errors import ConfigError
from ..tree_file import RECIPES, RULES, flatten
from ..trust import TrustStore
from ..working_tree import NAMES, Refusal, TreeSettings, read_tree_settings, tighten
from .building import ENVIRONMENT, build_settings, find_fault
from .environment import read_environment
from .tree import Settings

_USER_FILE = "config.toml"
_FLAG = "flag"
_PATHS = ("store", "model")


def load_settings(*, cwd: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read all levels and return the settings; nothing is created.

    ``overrides`` are the flags: dotted keys to values. Raises ConfigError, naming file or variable, key and the nearest
    known key, for whatever is wrong at the user's own level.
    """
    flags = dict(overrides or {})
    home = find_home(flags)
    levels = {
        "default": {"store": str(home / "store")},
        str(home / _USER_FILE): _read_user_file(home / _USER_FILE),
        ENVIRONMENT: _anchor(read_environment(), None),
        _FLAG: _anchor(flags, None),
    }
    values = {key: value for level in levels.values() for key, value in level.items()} | {"home": str(home)}
    origins = {key: origin for origin, level in levels.items() for key in level}
    tree = read_tree_settings(_working_directory(cwd), TrustStore(home))
    applied, refused = tighten(tree, flatten(build_settings(values, origins).model_dump()))
    for key, value in _without_outranked(applied, origins, tree).items():
        reason = find_fault(values | {key: value})
        if reason:
            refused.append(Refusal(tree.file or Path(), key, reason))
        else:
            values[key], origins[key] = value, str(tree.file)
    settings = build_settings(values, origins)
    settings._origins = origins  # noqa: SLF001 - set once, here, where they are known
    settings._refused = (*tree.refused, *refused)  # noqa: SLF001
    settings._tree = tree  # noqa: SLF001
    return settings


def find_home(flags: Mapping[str, Any]) -> Path:
    """Return the home that the flags name, else the environment, else the platform's usual place."""
    home = flags.get("home") or os.environ.get("ERRCLASS_HOME") or user_data_path("errclass", appauthor=False)
    return Path(os.path.expanduser(home)).absolute()  # noqa: PTH111 - Path.expanduser raises for unknown users


def _working_directory(cwd: Path | None) -> Path | None:
    try:
        return (cwd or Path.cwd()).resolve()
    except (OSError, RuntimeError):  # it was removed, or is a loop of links
        return None


def _read_user_file(path: Path) -> dict[str, Any]:
    try:
        values = flatten(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error})") from error
    if "home" in values:
        raise ConfigError(f"{path}: home: the file that lies in it cannot move it; set ERRCLASS_HOME instead")
    return _anchor(values, path.parent)


def _anchor(values: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
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


def _without_outranked(applied: Mapping[str, Any], origins: Mapping[str, str], tree: TreeSettings) -> dict[str, Any]:
    """Leave out what the user's own level outranks: names always; of a trusted file, what environment or flags set."""

    def is_outranked(key: str) -> bool:
        origin = origins.get(key, "default")
        return origin in {ENVIRONMENT, _FLAG} if tree.trusted else key in NAMES and origin != "default"

    kept = {key: value for key, value in applied.items() if not is_outranked(key)}
    return _anchor(kept, tree.file.parent if tree.file else None)
