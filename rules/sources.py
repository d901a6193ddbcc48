"""Which file each rule comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from .layers import Layer
from .reading import list_rule_files


def list_sources(layers: Iterable[Layer]) -> Mapping[str, Path]:
    """Return the file of every rule by its id: that of the last layer that has one."""
    return dict(found for layer in layers for found in list_rule_files(layer.folder))
