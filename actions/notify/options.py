"""Read a channel's options from settings into its dataclass."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_type_hints

from ...core.errors import ConfigError

T = TypeVar("T")
PREFIX = "notifications.channels"


def parse_options(kind: type[T], channel: str, values: Mapping[str, Any]) -> T:
    """Return a channel's options; texts become numbers, switches and lists (``a, b``) where these are asked for.

    Raises ConfigError that names the setting, and never its value.
    """
    from pydantic import TypeAdapter, ValidationError

    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for name in values:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(known)}"
            raise ConfigError(f"{name_setting(channel, name)}: unknown; {hint}")
    needed = (name for name, one in known.items() if one.default is MISSING and one.default_factory is MISSING)
    missing = [name for name in needed if name not in values]
    if missing:
        raise ConfigError(_tell_missing(channel, missing))
    hints, ready = get_type_hints(kind), {}
    for name, value in values.items():
        try:
            ready[name] = TypeAdapter(hints[name]).validate_python(_split(value, hints[name]))
        except ValidationError as error:
            raise ConfigError(f"{name_setting(channel, name)}: {error.errors()[0]['msg'].lower()}") from None
    return kind(**ready)


def _tell_missing(channel: str, missing: Sequence[str]) -> str:
    names = ", ".join(name_setting(channel, name) for name in missing)
    variables = " and ".join(f"ERRCLASS_NOTIFICATIONS__CHANNELS__{channel}__{name}".upper() for name in missing)
    return f"{names}: missing; set {'it' if len(missing) == 1 else 'them'} in config.toml or as {variables}"


def name_setting(channel: str, option: str) -> str:
    """Return an option's full name."""
    return f"{PREFIX}.{channel}.{option}"


def _split(value: Any, hint: Any) -> Any:
    is_list = hint == tuple[str, ...]
    return (
        tuple(part.strip() for part in value.split(",") if part.strip())
        if is_list and isinstance(value, str)
        else value
    )
