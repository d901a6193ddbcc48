"""Who uses a file: processes that have it open, and programs at work in its folder; other users' are not seen."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from ..processes import list_processes


def is_open(path: Path) -> bool:
    """Tell whether any process has a file open; those of other users, and without a /proc all, are not seen."""
    target = os.path.realpath(path)
    return any(target in _list_open(pid) for pid in list_processes())


def find_program_at_work(work: Path, programs: Collection[str]) -> str | None:
    """Return one of the programs that runs in a folder or below it; it may wait, as git does for an editor."""
    root = os.path.realpath(work)
    running = ((pid, _read_name(pid)) for pid in list_processes())
    return next((name for pid, name in running if name in programs and _works_in(pid, root)), None)


def _list_open(pid: str) -> list[str]:
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are all we need
    except OSError:  # another user's, or it ended just now
        return []
    return [target for name in names if (target := _read_link(f"{folder}/{name}"))]


def _read_name(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # it ended just now
        return ""


def _works_in(pid: str, root: str) -> bool:
    folder = _read_link(f"/proc/{pid}/cwd")
    return folder == root or folder.startswith(root.rstrip("/") + "/")


def _read_link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - as above
    except OSError:  # another user's, or it is over just now
        return ""
