"""Whether a recipe can run here: looked at before anything is touched."""

from __future__ import annotations

import json
import os
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.types import Classification
from .confinement import LeavesFolderError, locate
from .context import RecoveryContext
from .errors import CannotKeepError
from .forbidden import find_fault_of_path
from .placeholders import fill_in, find_bad_value, list_placeholders
from .programs import find_program
from .recipe import Recipe, StaleFile
from .safekeeping import is_there
from .touched_paths import list_touched

_MAX_PARSED = 4 << 20


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Say why a recipe cannot run here."""

    reason: str
    """One of a fixed set of words, such as ``command_missing``."""
    detail: str


def find_obstacle(
    recipe: Recipe, classification: Classification, context: RecoveryContext, environ: Mapping[str, str]
) -> Obstacle | None:
    """Return the first thing that keeps a recipe from running; None where it can."""
    fits = recipe.fits
    if classification.type not in fits.types:
        return Obstacle("other_type", f"it is for {', '.join(fits.types)}")
    if fits.tools and context.tool is not None and context.tool not in fits.tools:
        return Obstacle("other_tool", f"it is not for {context.tool}")
    if recipe.name in context.tried:
        return Obstacle("already_tried", "it was tried for this failure")
    return _find_in_values(recipe, context) or _find_on_disk(recipe, context) or _find_in_system(recipe, environ)


def _find_in_values(recipe: Recipe, context: RecoveryContext) -> Obstacle | None:
    needed = list_placeholders(recipe)
    missing = sorted(needed - context.values.keys())
    if missing:
        return Obstacle("value_missing", f"it needs {', '.join(missing)}")
    bad = find_bad_value({name: context.values[name] for name in sorted(needed)})
    if bad:
        return Obstacle("value_refused", f"{context.values[bad]!r} is no {bad}")
    faults = (find_fault_of_path(context.values["file"]),) if "file" in needed else ()
    return next((Obstacle("value_refused", fault) for fault in faults if fault), None)


def _find_on_disk(recipe: Recipe, context: RecoveryContext) -> Obstacle | None:
    try:
        return next(_obstacles_on_disk(recipe, context), None)
    except LeavesFolderError as error:
        return Obstacle("leaves_folder", str(error))
    except CannotKeepError as error:
        return Obstacle("too_many_projects", str(error))


def _obstacles_on_disk(recipe: Recipe, context: RecoveryContext) -> Iterator[Obstacle]:
    fits, work = recipe.fits, context.work

    def place(path: str) -> Path:
        return locate(work, fill_in(path, context.values))

    touched = [locate(work, touch.path) for touch in list_touched(recipe, context)]
    yield from (Obstacle("file_missing", f"{path} is not there") for path in fits.files if not is_there(place(path)))
    yield from (Obstacle("file_present", f"{path} is there") for path in fits.absent if is_there(place(path)))
    yield from (Obstacle("file_not_broken", f"{path} is fine") for path in fits.broken if parses(place(path)))
    yield from (Obstacle("not_stale", fault) for one in fits.stale if (fault := _find_use(work, one)))
    if touched and not recipe.steps and not any(map(is_there, touched)):
        yield Obstacle("nothing_to_do", "nothing of what it would take away is there")
    yield from (
        Obstacle("not_writable", f"{path.parent} may not be written to")
        for path in touched
        if path.parent.is_dir() and not os.access(path.parent, os.W_OK | os.X_OK)
    )


def _find_in_system(recipe: Recipe, environ: Mapping[str, str]) -> Obstacle | None:
    path = environ.get("PATH", "")
    missing = next((name for name in recipe.fits.commands if find_program(name, Path(), path) is None), None)
    if missing:
        return Obstacle("command_missing", f"{missing} is not on the PATH")
    if recipe.fits.root and hasattr(os, "geteuid") and os.geteuid() != 0:
        return Obstacle("not_root", "only the superuser can do it")
    return None


def _find_use(work: Path, one: StaleFile) -> str | None:
    place = locate(work, one.path)
    if not is_there(place):
        return f"{one.path} is not there"
    age = time.time() - place.lstat().st_mtime
    if age < one.seconds:
        return f"{one.path} was written {max(age, 0):.0f} s ago, and is stale after {one.seconds:.0f} s"
    return f"{one.path} is in use" if _is_open(place) else None


def _is_open(path: Path) -> bool:
    """Tell whether any process has a file open; those of other users, and without a /proc all, are not seen."""
    target = os.path.realpath(path)
    try:
        pids = [name for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - names are all we need
    except OSError:
        return False
    return any(target in _list_open(pid) for pid in pids)


def _list_open(pid: str) -> list[str]:
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)  # noqa: PTH208 - as above
    except OSError:  # another user's, or it ended just now
        return []
    return [target for name in names if (target := _read_link(f"{folder}/{name}"))]


def _read_link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - as above
    except OSError:  # it was closed just now
        return ""


def parses(path: Path) -> bool:
    """Tell whether a settings file is there and can be read as what its ending says; others need only be there."""
    read = _READERS.get(path.suffix.lower())
    try:
        if not path.is_file() or path.stat().st_size > _MAX_PARSED:
            return False
        if read:
            read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _read_yaml(text: str) -> Any:
    import yaml

    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):  # makes no values, so that aliases cannot blow it up
            pass
    except yaml.YAMLError as error:
        raise ValueError("it is no YAML") from error


_READERS: Mapping[str, Callable[[str], Any]] = {
    ".json": json.loads,
    ".toml": tomllib.loads,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
}
