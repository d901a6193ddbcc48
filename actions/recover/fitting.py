"""Whether a recipe can run here: looked at before anything is touched."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...core.types import Classification
from .confinement import LeavesFolderError, locate
from .context import RecoveryContext
from .errors import CannotKeepError
from .file_use import find_program_at_work, is_open
from .forbidden import find_fault_of_path
from .placeholders import fill_in, find_bad_value, list_placeholders
from .programs import find_program
from .recipe import Recipe, StaleFile
from .safekeeping import is_there
from .settings_formats import parses
from .touched_paths import list_touched


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
    if fits.known and context.tool is None:
        return Obstacle("tool_unknown", "it is only for a tool that is known to have failed")
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
    yield from (
        Obstacle("file_not_broken", f"{fill_in(path, context.values)} is fine")
        for path in fits.broken
        if parses(place(path))
    )
    yield from (Obstacle("not_stale", fault) for one in fits.stale if (fault := _find_use(recipe, work, one)))
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


def _find_use(recipe: Recipe, work: Path, one: StaleFile) -> str | None:
    place = locate(work, one.path)
    if not is_there(place):
        return f"{one.path} is not there"
    age = time.time() - place.lstat().st_mtime
    if age < one.seconds:
        return f"{one.path} was written {max(age, 0):.0f} s ago, and is stale after {one.seconds:.0f} s"
    if is_open(place):
        return f"{one.path} is in use"
    program = find_program_at_work(work, recipe.fits.commands)
    return f"{one.path} may be in use, for {program} is at work in the folder" if program else None
