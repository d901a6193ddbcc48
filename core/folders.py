"""Folders that only their owner may read."""

from __future__ import annotations

from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Create a folder, and those that are missing above it, with mode 0700.

    One that exists keeps its mode, since it may be shared on purpose.
    """
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
