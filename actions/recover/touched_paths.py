"""The paths that a recipe touches in one work folder: placeholders filled in, and projects below it found."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from .context import RecoveryContext
from .errors import CannotKeepError
from .file_search import search_files
from .placeholders import fill_in
from .recipe import Recipe, Touch

EVERYWHERE = "**/"
"""Begins a path that stands for one in the work folder, and in each project a little below it."""
_DEPTH = 5
_MOST = 300


def list_touched(recipe: Recipe, context: RecoveryContext) -> tuple[Touch, ...]:
    """Return all paths, plain; raise CannotKeepError where there are too many projects.

    A project is a folder that holds the first of the recipe's ``fits.files``, up to four folders deep.
    """
    return tuple(Touch(path, touch.how) for touch in recipe.touches for path in _expand(touch.path, recipe, context))


def _expand(path: str, recipe: Recipe, context: RecoveryContext) -> list[str]:
    if not path.startswith(EVERYWHERE):
        return [fill_in(path, context.values)]
    name = path.removeprefix(EVERYWHERE)
    return [name, *(f"{folder}/{name}" for folder in _find_projects(context.work, recipe.fits.files[0]))]


def _find_projects(work: Path, marker: str) -> list[str]:
    """Return the folders below a work folder that hold a file, relative and in order."""
    found = list(islice(search_files(work, {marker}, _DEPTH), _MOST + 1))
    if len(found) > _MOST:
        raise CannotKeepError(f"more than {_MOST} folders below {work} hold {marker}, which is too much to set safe")
    return sorted(path.parent.relative_to(work).as_posix() for path in found if path.parent != work)
