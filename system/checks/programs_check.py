"""Programs that recoveries call: which of them are there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import PurePath

from ...actions.recover import Recipe, load_recipes
from ..settings import Settings
from .check import Check
from .finding import sum_up
from .looking import look_safely

_ADVICE = "mend the recipe that is named, or remove its folder from recovery.recipes"


def check_programs(settings: Settings) -> Check:
    """Tell which programs of recipes are found; a recipe without its program fits nowhere, and that is no fault."""
    return look_safely("programs", lambda: _look(settings), advice=_ADVICE)


def _look(settings: Settings) -> Check:
    names = sorted({name for recipe in load_recipes(settings.recipe_folders) for name in _list_programs(recipe)})
    found = {name: shutil.which(name) for name in names}
    here = [name for name, place in found.items() if place]
    lacking = [name for name, place in found.items() if not place]
    absent = f"; not found: {', '.join(lacking)}" if lacking else ""
    return sum_up("programs", f"found: {', '.join(here) or 'none'}{absent}", details=found)


def _list_programs(recipe: Recipe) -> Iterator[str]:
    """Yield what its calls and conditions name, without scripts of the work folder and parts that are filled in."""
    for name in (*recipe.fits.commands, *(command.argv[0] for command in recipe.commands)):
        if PurePath(name).name == name and name.replace("-", "").replace(".", "").isalnum():
            yield name
