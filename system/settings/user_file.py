"""A user's own settings file to begin with: every key, commented out, with what it means."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...core.errors import ConfigError, UsageError
from ...core.folders import make_private_folder
from ...core.whole_files import write_whole
from .key_info import KeyInfo, list_groups, list_key_infos
from .reading import USER_FILE

_HEAD = """# Settings of errclass. A line without the leading # counts over what is usual, and over the preset.
# Variables such as ERRCLASS_DECISION__MAX_ATTEMPTS and flags count over this file.
"""
_COMPONENTS = """# What differs where the context names a component; every other key stays as it is.
# [components.database.retry]
# attempts = 3
"""
_NOT_HERE = ("home",)
_WIDTH = 110


def write_user_file(home: Path, *, environment: str | None = None, force: bool = False) -> Path:
    """Write ``config.toml`` with every key commented out, but for ``environment``, and return its path.

    Only its owner can read it. Raises UsageError where there is one, unless ``force``, and ConfigError where it cannot
    be written.
    """
    path = home / USER_FILE
    if path.exists() and not force:
        raise UsageError(f"{path}: is there already; edit it, or write it anew with --force")
    try:
        make_private_folder(home)
        write_whole(path, compose_user_file(environment).encode(), private=True)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror}); make its folder writable") from error
    return path


def compose_user_file(environment: str | None = None) -> str:
    """Return its text."""
    return "\n".join([_HEAD, *_list_parts(environment), _COMPONENTS])


def _list_parts(environment: str | None) -> Iterator[str]:
    infos = [info for info in list_key_infos() if info.key not in _NOT_HERE]
    for group, about in list_groups().items():
        header = [f"# {about}"] + ([f"[{group}]"] if group else [])
        keys = [_write_key(info, environment) for info in infos if info.group == group]
        yield "\n".join([*header, *keys, ""])


def _write_key(info: KeyInfo, environment: str | None) -> str:
    name = info.key.rpartition(".")[2]
    said = f"{info.meaning} ({info.values})".replace("`", "")
    comment = textwrap.wrap(said, _WIDTH, initial_indent="# ", subsequent_indent="# ")
    if info.key == "environment" and environment is not None:
        return "\n".join([*comment, f"{name} = {_write_value(environment)}"])
    value = _write_value(info.default)
    return "\n".join([*comment, f"# {name} = {value}" if value else f"# {name} ="])


def _write_value(value: Any) -> str:
    """Return a value as TOML; nothing where there is none to show."""
    if value is None or (isinstance(value, str) and "`" in value):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return "[]"
    return "{}" if isinstance(value, dict) else json.dumps(value)
