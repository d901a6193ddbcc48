"""Settings as a program gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import ConfigError
from ..settings import Settings, load_settings
from ..tree_file import flatten


def read_settings(config: Settings | Mapping[str, Any] | None) -> Settings:
    """Return them: a mapping lies over the user's file and environment, as flags do; raises ConfigError.

    Its keys may be nested, dotted, or both.
    """
    if isinstance(config, Settings):
        return config
    if config is None:
        return load_settings()
    if not isinstance(config, Mapping):
        raise ConfigError(f"config: give errclass settings or a mapping of their keys, not {type(config).__name__}")
    return load_settings(overrides=flatten(config))
