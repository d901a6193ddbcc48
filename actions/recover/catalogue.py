"""All recipes: those that come with errclass, and folders of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from .parsing import parse_recipe
from .recipe import Recipe
from .recipe_documents import list_recipe_files, read_recipe_file

SHIPPED = Path(__file__).parent / "recipes"


def load_recipes(folders: Sequence[Path] = ()) -> tuple[Recipe, ...]:
    """Return the shipped recipes with those of ``folders`` laid over them, by name.

    A recipe of the same name takes the place of the one before. Raises ConfigError for anything that is no recipe.
    """
    found = {recipe.name: recipe for folder in (SHIPPED, *folders) for recipe in _load_folder(folder)}
    return tuple(found[name] for name in sorted(found))


def _load_folder(folder: Path) -> tuple[Recipe, ...]:
    return _load_shipped() if folder == SHIPPED else _read_folder(folder)


@cache
def _load_shipped() -> tuple[Recipe, ...]:
    return _read_folder(SHIPPED)


def _read_folder(folder: Path) -> tuple[Recipe, ...]:
    return tuple(parse_recipe(path.stem, read_recipe_file(path), path) for path in list_recipe_files(folder))
