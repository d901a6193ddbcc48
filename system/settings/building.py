"""Flat values to settings, and what is said of values that are none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ...core.errors import ConfigError
from .environment import ENVIRONMENT, PLAIN_NAMES
from .keys import nest, suggest_key
from .tree import Settings

_MOST_NOTES = 50
"""Further faults that are told, as notes of the first."""


def find_fault(values: Mapping[str, Any]) -> str | None:
    """Return what is wrong with flat values; None where nothing is."""
    try:
        Settings.model_validate(nest(values))
    except (ConfigError, ValidationError) as error:
        return "it is unknown, or not a value that this key takes" if isinstance(error, ValidationError) else str(error)
    return None


def build_settings(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    """Return the settings of flat values; raises ConfigError that names where a wrong one comes from.

    Where more than one is wrong, the others are its notes.
    """
    try:
        return Settings.model_validate(nest(values))
    except ValidationError as error:
        first, *others = (_describe_fault(fault, origins) for fault in error.errors())
        told = ConfigError(first)
        for fault in others[:_MOST_NOTES]:
            told.add_note(fault)
        raise told from None  # it holds secrets


def _describe_fault(fault: Mapping[str, Any], origins: Mapping[str, str]) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    said = "unknown key" if fault["type"] == "extra_forbidden" else fault["msg"].lower()
    return f"{_name_origin(key, origins)}: {said}{suggest_key(key)}"


def _name_origin(key: str, origins: Mapping[str, str]) -> str:
    """Name the file and key, or the variable, that a fault comes from.

    The key of a list's item is longer than the one that was given, that of a whole group shorter.
    """
    known = next((name for name in origins if key == name or key.startswith(f"{name}.")), None)
    known = known or next((name for name in origins if name.startswith(f"{key}.")), key)
    origin = origins.get(known, "settings")
    variable = PLAIN_NAMES.get(known) or f"ERRCLASS_{known.upper().replace('.', '__')}"
    return variable if origin == ENVIRONMENT else f"{origin}: {key}"
