"""Which settings file a failure is about, and what it may be replaced by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .confinement import LeavesFolderError, locate
from .forbidden import find_fault_of_path
from .safekeeping import is_there
from .settings_formats import parses

_PATH = re.compile(r"[\w./-]{1,200}\.(?:json|toml|ya?ml)\b")
_MOST_LINES, _MOST_CHARS = 50, 2000
_ENDINGS = (".bak", ".orig", ".example", ".sample", ".template", ".dist")
"""Backups first: they hold what was really set."""


def find_broken_file(work: Path, lines: Iterable[str]) -> str | None:
    """Return the first settings file that lines of a log name, that lies in the work folder and does not parse.

    Where all do, it is the first that is missing, if its folder is there.
    """
    named = [path for path in _list_named(work, lines) if _may_be_replaced(work, path)]
    broken = (path for path in named if is_there(work / path) and not parses(work / path))
    missing = (path for path in named if not is_there(work / path) and (work / path).parent.is_dir())
    return next(broken, None) or next(missing, None)


def _list_named(work: Path, lines: Iterable[str]) -> Iterator[str]:
    for line in list(lines)[:_MOST_LINES]:
        for found in _PATH.findall(line[:_MOST_CHARS]):
            path = _make_relative(work, found)
            if path:
                yield path


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


def _may_be_replaced(work: Path, path: str) -> bool:
    try:
        locate(work, path)
    except LeavesFolderError:
        return False
    return not find_fault_of_path(path)


def _is_usable(work: Path, path: str) -> bool:
    try:
        place = locate(work, path)
    except LeavesFolderError:
        return False
    return place.is_file()
