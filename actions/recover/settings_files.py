"""Which settings file a failure is about, and what it may be replaced by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from .confinement import LeavesFolderError, locate
from .fitting import parses
from .forbidden import find_fault_of_path
from .safekeeping import is_there

_PATH = re.compile(r"[\w./-]{1,200}\.(?:json|toml|ya?ml)\b")
_MOST_LINES, _MOST_CHARS = 50, 2000
_ENDINGS = (".bak", ".orig", ".example", ".sample", ".template", ".dist")
"""Backups first: they hold what was really set."""


def find_broken_file(work: Path, lines: Iterable[str]) -> str | None:
    """Return the first settings file that lines of a log name, that lies in the work folder and does not parse."""
    for line in list(lines)[:_MOST_LINES]:
        for found in _PATH.findall(line[:_MOST_CHARS]):
            path = _make_relative(work, found)
            if path and _is_broken(work, path):
                return path
    return None


def find_template(work: Path, path: str) -> str | None:
    """Return the backup or template that lies beside a settings file and can be read; None where there is none."""
    stem, _, ending = path.rpartition(".")
    names = [f"{path}{one}" for one in _ENDINGS] + [f"{stem}{one}.{ending}" for one in _ENDINGS]
    return next((name for name in names if _is_usable(work, name)), None)


def _make_relative(work: Path, path: str) -> str | None:
    if path.startswith("/"):
        root = f"{work}/"
        return path[len(root) :] if path.startswith(root) else None
    return path.removeprefix("./")


def _is_broken(work: Path, path: str) -> bool:
    try:
        place = locate(work, path)
    except LeavesFolderError:
        return False
    return not find_fault_of_path(path) and is_there(place) and not parses(place)


def _is_usable(work: Path, path: str) -> bool:
    try:
        place = locate(work, path)
    except LeavesFolderError:
        return False
    return place.is_file()
