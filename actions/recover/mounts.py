"""Mounts within a folder: other file systems, and folders that show in a second place."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .errors import CannotKeepError

_ESCAPE = re.compile(rb"\\([0-7]{3})")
_PLACE = 4
"""Field of a line of mountinfo that holds where the mount is; see proc_pid_mountinfo(5)."""


def refuse_mounts(path: Path) -> None:
    """Raise CannotKeepError where anything is mounted at a path or below it: what lies in there is not the folder's."""
    place = os.fsencode(Path(os.path.realpath(path.parent), path.name))
    found = next((one for one in _list_mounts() if one == place or one.startswith(place + b"/")), None)
    mount = os.fsdecode(found) if found else _find_other_device(path)
    if mount:
        raise CannotKeepError(f"{mount} is a mount; unmount it, or leave {path} out")


def _list_mounts() -> list[bytes]:
    """Return where mounts are; none where the system does not tell."""
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return []
    fields = [line.split(b" ") for line in lines]
    return [_ESCAPE.sub(_unescape, line[_PLACE]) for line in fields if len(line) > _PLACE]


def _unescape(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8) & 0xFF])


def _find_other_device(path: Path) -> str | None:
    """Return a folder below a path that is on another file system than the path is."""
    if path.is_symlink() or not path.is_dir():
        return None
    device = path.lstat().st_dev
    folders = (os.path.join(folder, name) for folder, names, _ in os.walk(path) for name in names)  # noqa: PTH118 - many
    return next((folder for folder in folders if os.lstat(folder).st_dev != device), None)
