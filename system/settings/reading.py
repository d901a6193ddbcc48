"""Read all levels: defaults < preset < user file < environment < flags; a working tree may only tighten the result."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from ...core.errors import ConfigError
from ..tree_file import flatten
from ..trust import TrustStore
from ..working_tree import read_tree_settings
from .anchoring import anchor_paths
from .environment import ENVIRONMENT, NODE_ENVIRONMENT, read_environment, read_plain_names
from .levels import DEFAULT, FLAG, Level, Levels
from .presets import PRESET_VARIABLES, check_preset
from .tree import Settings

USER_FILE = "config.toml"
"""The user's own settings, in the home."""


def load_settings(
    *, cwd: Path | None = None, overrides: Mapping[str, Any] | None = None, user_file: Path | None = None
) -> Settings:
    """Read all levels and return the settings; nothing is created.

    ``overrides`` are the flags: dotted keys to values, or nested tables. ``user_file`` is read instead of the one in
    the home. Raises ConfigError, naming file or variable,
    key and the nearest known key, for whatever is wrong at the user's own level.
    """
    flags = flatten(overrides or {})
    home = find_home(flags)
    user_file = user_file or home / USER_FILE
    levels = Levels(
        usual=(Level(DEFAULT, {"home": str(home), "store": str(home / "store")}), _read_node_environment()),
        common=(Level(str(user_file), read_user_file(user_file)), Level(ENVIRONMENT, read_plain_names())),
        variables={preset: Level(ENVIRONMENT, read_plain_names(names)) for preset, names in PRESET_VARIABLES.items()},
        own=(Level(ENVIRONMENT, _place(read_environment(), home)), Level(FLAG, _place(flags, home))),
        tree=read_tree_settings(_working_directory(cwd), TrustStore(home)),
    )
    return levels.resolve()


def get_environment_config(name: str) -> Settings:
    """Return the settings with the preset of an environment: ``development``, ``staging``, ``production``.

    All that the user set lies over it, as ever. Raises UsageError for a name without a preset.
    """
    settings = load_settings(overrides={"environment": name})
    check_preset(name, settings.decision.rules)
    return settings


def _read_node_environment() -> Level:
    name = os.environ.get(NODE_ENVIRONMENT)
    return Level(f"{ENVIRONMENT} ({NODE_ENVIRONMENT})", {"environment": name} if name else {})


def _place(values: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """Return values with their paths anchored; the home is where it was found, however it was written."""
    return anchor_paths({**values, "home": str(home)} if "home" in values else values, None)


def find_home(flags: Mapping[str, Any]) -> Path:
    """Return the folder that flags or ERRCLASS_HOME name, else the platform's usual one."""
    home = flags.get("home") or os.environ.get("ERRCLASS_HOME") or user_data_path("errclass", appauthor=False)
    return Path(os.path.expanduser(home)).absolute()  # noqa: PTH111 - Path.expanduser raises for unknown users


def _working_directory(cwd: Path | None) -> Path | None:
    try:
        return (cwd or Path.cwd()).resolve()
    except (OSError, RuntimeError):  # it was removed, or is a loop of links
        return None


def read_user_file(path: Path) -> dict[str, Any]:
    """Return what a user's own file says, flat; nothing where there is none. Raises ConfigError for what is no TOML."""
    try:
        values = flatten(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error})") from error
    if "home" in values:
        raise ConfigError(f"{path}: home: the file that lies in it cannot move it; set ERRCLASS_HOME instead")
    return anchor_paths(values, path.parent)
