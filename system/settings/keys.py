"""Dotted keys: to nested values and back, to the names of variables, and to the nearest known one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from ...core.errors import ConfigError
from .component import ComponentSettings
from .tree import Settings

COMPONENTS = "components"
_OF_COMPONENT = re.compile(
    rf"{COMPONENTS}\.(.+?)\.((?:{'|'.join(ComponentSettings.model_fields)})(?:\..+)?)", re.DOTALL
)


def nest(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return dotted keys as nested tables; raises ConfigError for a key that is a value here and a table there."""
    nested: dict[str, Any] = {}
    for key, value in values.items():
        *path, last = _split(key)
        place = nested
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise ConfigError(f"{part}: is a group of keys, such as {key}, and takes no value of its own")
        place[last] = value
    return nested


def find_overrides(values: Mapping[str, Any], component: str) -> dict[str, Any]:
    """Return what flat values say of one component, by the keys that this changes, and under which key they say it."""
    wanted = component.strip().casefold()
    found = ((_OF_COMPONENT.fullmatch(key), key) for key in values)
    return {match[2]: key for match, key in found if match and match[1].strip().casefold() == wanted}


def list_keys() -> Iterator[str]:
    """Yield all known keys; of components, each with ``NAME`` in the place of a name."""
    for name, field in Settings.model_fields.items():
        if name == COMPONENTS:
            yield from (f"{COMPONENTS}.NAME.{key}" for key in _list_group(ComponentSettings))
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"{name}.{key}" for key in field.annotation.model_fields)
        else:
            yield name


def suggest_key(key: str) -> str:
    """Return what to say of an unknown key: the nearest known one, or all of them."""
    match = re.fullmatch(rf"{COMPONENTS}\.([^.]+)\..+", key)
    known = [known.replace(".NAME.", f".{match[1]}.") if match else known for known in list_keys()]
    if any(key == name or key.startswith(f"{name}.") or name.startswith(f"{key}.") for name in known):
        return ""
    nearest = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else f"; known keys: {', '.join(known)}"


def _list_group(kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"{name}.{key}" for key in field.annotation.model_fields)


def _split(key: str) -> list[str]:
    """Return the parts of a key; the name of a component may itself hold dots."""
    match = _OF_COMPONENT.fullmatch(key)
    return [COMPONENTS, match[1], *match[2].split(".")] if match else key.split(".")
