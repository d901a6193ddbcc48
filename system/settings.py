"""The settings tree: defaults < user file < environment < flags, and below all of these what a working tree may tighten."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from ..core.errors import ConfigError
from ..core.masking import mask_secrets
from .trust import TrustStore
from .working_tree import Refusal, flatten, read_tree_settings, tighten

_USER_FILE = "config.toml"


class DecisionSettings(BaseModel):
    """Limits on what rules may plan, and where further rules lie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Path, ...] = ()
    """Folders of rules laid over the usual ones, in this order."""
    max_attempts: int = Field(default=10, ge=1, le=1000)
    """Upper bound of a plan's attempts, the first one included."""
    max_delay: float = Field(default=300.0, ge=0, le=86_400)
    """Upper bound of one wait between attempts, in seconds; a Retry-After may exceed it."""


class Settings(BaseSettings):
    """All settings. Environment variables are the keys in capitals: ``ERRCLASS_DECISION__MAX_ATTEMPTS=3``."""

    model_config = SettingsConfigDict(
        env_prefix="ERRCLASS_", env_nested_delimiter="__", env_ignore_empty=True, frozen=True, extra="forbid"
    )

    home: Path
    """Where models, store, trust and the user's settings file lie."""
    store: str
    """Folder of the outcome store."""
    model: Path | None = None
    """Folder of the model to use instead of the promoted one."""
    environment: str | None = None
    """Where operations run, unless a call says otherwise: ``development``, ``staging``, ``production``, ..."""
    component: str | None = None
    operation: str | None = None
    decision: DecisionSettings = DecisionSettings()

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _refused: tuple[Refusal, ...] = PrivateAttr(default=())

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """What a file of the working tree asked for and did not get."""
        return self._refused

    def describe(self) -> list[dict[str, Any]]:
        """Return each setting with its value, secrets masked, and where it came from."""
        values = flatten(self.model_dump(mode="json"))
        return [
            {"key": key, "value": mask_secrets(value) if isinstance(value, str) else value, "origin": self._origins.get(key, "default")}
            for key, value in values.items()
        ]


def load_settings(*, cwd: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read all levels and return the settings; nothing is created.

    ``overrides`` are the flags: dotted keys to values. Raises ConfigError, naming file or variable, key and the nearest
    known key, for whatever is wrong at the user's own level.
    """
    home = Path(os.environ.get("ERRCLASS_HOME") or user_data_path("errclass", appauthor=False)).expanduser().absolute()
    levels: list[tuple[str, dict[str, Any]]] = [("default", {"home": str(home), "store": str(home / "store")})]
    levels.append((str(home / _USER_FILE), _read_user_file(home / _USER_FILE)))
    levels.append(("environment", flatten(EnvSettingsSource(Settings)())))
    levels.append(("flag", dict(overrides or {})))
    values = {key: value for _, level in levels for key, value in level.items()}
    origins = {key: origin for origin, level in levels for key in level}
    settings = _build(values, origins)
    tree = read_tree_settings(cwd or Path.cwd(), TrustStore(home))
    applied, refused = tighten(tree, flatten(settings.model_dump()))
    if applied:
        outranked = {key for key, origin in origins.items() if origin in ("environment", "flag") and tree.trusted}
        applied = {key: value for key, value in applied.items() if key not in outranked}
        origins |= dict.fromkeys(applied, str(tree.file))
        settings = _build(values | applied, origins)
    settings._origins = origins  # noqa: SLF001 - set once, here, where they are known
    settings._refused = (*tree.refused, *refused)  # noqa: SLF001
    return settings


def _read_user_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return flatten(TomlConfigSettingsSource(Settings, path)())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error})") from error


def _build(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(_nest(values))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        where = origins.get(key, "settings")
        raise ConfigError(f"{where}: {key}: {first['msg'].lower()}{_suggest(key)}") from error


def _nest(values: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in values.items():
        *path, last = key.split(".")
        place = nested
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return nested


def _suggest(key: str) -> str:
    known = [*Settings.model_fields, *(f"decision.{name}" for name in DecisionSettings.model_fields)]
    if key in known:
        return ""
    nearest = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else f"; known keys: {', '.join(known)}"
