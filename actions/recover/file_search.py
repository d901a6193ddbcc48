"""Files of given names, a little below a folder; links and folders of packages are not entered."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

_NOT_SEARCHED = frozenset({".git", ".venv", "node_modules", "target"})


def search_files(folder: Path, names: Collection[str], depth: int) -> Iterator[Path]:
    """Yield plain files of these names; with a depth of 1 only those in the folder itself."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name in names and entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
        elif depth > 1 and entry.name not in _NOT_SEARCHED and entry.is_dir(follow_symlinks=False):
            yield from search_files(Path(entry.path), names, depth - 1)
