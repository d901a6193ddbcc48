"""Flat values to settings, and what is said of values that are none."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from ...core.errors import ConfigError
from .environment import PLAIN_NAMES
from .tree import Settings

ENVIRONMENT = "environment"
"""Where values of environment variables come from."""


def find_fault(values: Mapping[str, Any]) -> str | None:
    """Return what is wrong with flat values; None where nothing is."""
    try:
        Settings.model_validate(_nest(values))
    except (ConfigError, ValidationError) as error:
        return "it is unknown, or not a value that this key takes" if isinstance(error, ValidationError) else str(error)
    return None


def build_settings(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    """Return the settings of flat values; raises ConfigError that names where a wrong one comes from."""
    try:
        return Settings.model_validate(_nest(values))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        fault = "unknown key" if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise ConfigError(f"{_name_origin(key, origins)}: {fault}{_suggest(key)}") from None  # it holds secrets


def _name_origin(key: str, origins: Mapping[str, str]) -> str:
    """Name the file and key, or the variable, that a fault comes from; the key of a list's item is longer."""
    known = next((name for name in origins if key == name or key.startswith(f"{name}.")), key)
    origin = origins.get(known, "settings")
    variable = PLAIN_NAMES.get(known) or f"ERRCLASS_{known.upper().replace('.', '__')}"
    return variable if origin == ENVIRONMENT else f"{origin}: {key}"


def _nest(values: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in values.items():
        *path, last = key.split(".")
        place = nested
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise ConfigError(f"{part}: is a group of keys, such as {key}, and takes no value of its own")
        place[last] = value
    return nested


def _suggest(key: str) -> str:
    fields = {name: field.annotation for name, field in Settings.model_fields.items()}
    groups = {name: kind for name, kind in fields.items() if isinstance(kind, type) and issubclass(kind, BaseModel)}
    known = [
        *Settings.model_fields,
        *(f"{group}.{name}" for group, kind in groups.items() for name in kind.model_fields),
    ]
    if any(key == name or key.startswith(f"{name}.") for name in known if name not in groups):
        return ""
    nearest = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else f"; known keys: {', '.join(known)}"
