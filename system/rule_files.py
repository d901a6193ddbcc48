"""Tell one state of a user's rule files from the next."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Hashable, Sequence

from ..core.errors import PolicyError
from ..rules import DEFAULT_FOLDER, Layer, list_layers


def stamp_rules(layers: Sequence[Layer]) -> Hashable:
    """Return what changes with any file of the layers, and of the sets that they extend; the shipped set stays."""
    with contextlib.suppress(PolicyError, OSError):  # what is wrong is said when they are loaded
        layers = list_layers(layers)
    folders = [layer.folder for layer in layers if layer.folder != DEFAULT_FOLDER]
    return tuple(sorted(_stamp_file(path) for folder in folders for path in folder.rglob("*.y*ml")))


def _stamp_file(path: os.PathLike[str]) -> tuple[str, int, int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - the quickest way
    except OSError:
        return str(path), 0, 0, 0
    return str(path), found.st_ino, found.st_mtime_ns, found.st_size
