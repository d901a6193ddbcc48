"""Which preset an environment counts as: the rules' own table of names, read without the rules."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import PolicyError
from .layers import DEFAULT_FOLDER, Layer, list_layers
from .reading import POLICY_FILE, read_document

_TABLE = "environment_preset"


def list_environments(folders: Iterable[Path | Layer] = ()) -> dict[str, str]:
    """Return the preset of each name of an environment, by the rule sets in these folders.

    Where one of them cannot be read, the shipped names count, as the shipped rules do.
    """
    given = [layer for layer in folders if not (isinstance(layer, Layer) and layer.restricted)]
    try:
        layers = list_layers(given)
        return {name: preset for layer in layers for name, preset in _read_table(layer.folder).items()}
    except (PolicyError, OSError):
        return dict(_read_shipped())


def find_preset(environment: str, folders: Iterable[Path | Layer] = ()) -> str | None:
    """Return the preset that an environment counts as; None where its name has none."""
    return list_environments(folders).get(environment.strip().casefold())


@functools.cache
def _read_shipped() -> Mapping[str, str]:
    return _parse_table(read_document(DEFAULT_FOLDER / POLICY_FILE).content)


def _read_table(folder: Path) -> Mapping[str, str]:
    if folder == DEFAULT_FOLDER:
        return _read_shipped()
    path = folder / POLICY_FILE
    return _parse_table(read_document(path).content) if path.exists() else {}


def _parse_table(content: Mapping[str, Any]) -> Mapping[str, str]:
    tables = content.get("tables")
    rows = tables.get(_TABLE) if isinstance(tables, Mapping) else None
    return {str(name): str(preset) for name, preset in rows.items()} if isinstance(rows, Mapping) else {}
