"""What belongs to the user of a work folder and not to its builds."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

from ..recover.forbidden import LOCKFILES
from ..recover.safekeeping import is_there

_PATTERNS = (
    ".env", ".env.*", "*.env", "*.local", "*.local.*", "*.key", "*.pem", "*.p12", "*.pfx", "*.kubeconfig",
    "*.sqlite", "*.sqlite3", "*.db", "*.tfstate", "*.tfstate.*", ".npmrc", ".pypirc", ".netrc",
    ".vscode", ".idea", "errclass.toml", ".errclass",
)  # fmt: skip


def is_user_data(name: str) -> bool:
    """Tell by its name whether a file or folder is the user's: local settings, keys, data, an editor's files."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _PATTERNS)


def list_removable(work: Path, path: str, *, preserve: bool) -> Iterator[str]:
    """Yield ``path``, or what lies in it, without what stays.

    That is lockfiles, user data where it is preserved, and any repository, whole: its uncommitted work is nowhere else.
    """
    name = path.rstrip("/").rpartition("/")[2]
    if name in LOCKFILES or (preserve and is_user_data(name)) or name == ".git":
        return
    place = work / path
    if not place.is_symlink() and is_there(place / ".git"):
        return
    if place.is_symlink() or not place.is_dir() or not _holds_kept(place, preserve=preserve):
        yield path.rstrip("/")
        return
    for child in sorted(os.listdir(place)):  # noqa: PTH208 - names are all we need
        yield from list_removable(work, f"{path.rstrip('/')}/{child}", preserve=preserve)


def _holds_kept(folder: Path, *, preserve: bool) -> bool:
    for _, names, files in os.walk(folder):
        if ".git" in names or ".git" in files or any(name in LOCKFILES for name in files):
            return True
        if preserve and any(map(is_user_data, (*names, *files))):
            return True
    return False
