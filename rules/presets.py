"""Tables of rule sets, read without their rules; among them which preset an environment counts as."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import PolicyError
from ..core.types import Scalar
from .layers import DEFAULT_FOLDER, Layer, list_layers
from .reading import POLICY_FILE, read_document

_PRESETS = "environment_preset"
Rows = Mapping[str, Scalar]


def read_table(name: str, folders: Iterable[Path | Layer] = ()) -> dict[str, Scalar]:
    """Return the rows of a table by the rule sets in these folders; nothing where none of them has it.

    Where one of them cannot be read, the shipped rows count, as the shipped rules do.
    """
    given = [layer for layer in folders if not (isinstance(layer, Layer) and layer.restricted)]
    try:
        tables = [_read_tables(layer.folder) for layer in list_layers(given)]
    except (PolicyError, OSError):
        tables = [_read_shipped()]
    return {key: value for table in tables for key, value in table.get(name, {}).items()}


def find_preset(environment: str, folders: Iterable[Path | Layer] = ()) -> str | None:
    """Return the preset that an environment counts as; None where its name has none."""
    preset = read_table(_PRESETS, folders).get(environment.strip().casefold())
    return None if preset is None else str(preset)


def list_environments(folders: Iterable[Path | Layer] = ()) -> list[str]:
    """Return the names of environments that have a preset."""
    return sorted(read_table(_PRESETS, folders))


@functools.cache
def _read_shipped() -> Mapping[str, Rows]:
    return _parse_tables(read_document(DEFAULT_FOLDER / POLICY_FILE).content)


def _read_tables(folder: Path) -> Mapping[str, Rows]:
    if folder == DEFAULT_FOLDER:
        return _read_shipped()
    path = folder / POLICY_FILE
    return _parse_tables(read_document(path).content) if path.exists() else {}


def _parse_tables(content: Mapping[str, Any]) -> Mapping[str, Rows]:
    tables = content.get("tables")
    return {
        str(name): {str(key): value for key, value in rows.items()}
        for name, rows in (tables.items() if isinstance(tables, Mapping) else ())
        if isinstance(rows, Mapping)
    }
