"""Folders and files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path


def ensure_folder(folder: Path) -> None:
    """Create ``folder`` with mode 0700; one that exists keeps its mode, since it may be shared on purpose."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` survive a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
