"""The words in braces that a recipe may use, and what each may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .recipe import Command, FileCopy, Recipe

PATTERNS: Mapping[str, re.Pattern[str]] = {
    "deployment": re.compile(r"(?:deployment|statefulset|daemonset)/[a-z0-9][a-z0-9.-]{0,252}"),
    "file": re.compile(r"(?!-)[^\x00-\x1f\x7f:*?\[]{1,400}"),
    "namespace": re.compile(r"[a-z0-9][a-z0-9-]{0,62}"),
    "service": re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,127}"),
    "template": re.compile(r"(?!-)[^\x00-\x1f\x7f:*?\[]{1,400}"),
    "work": re.compile(r"/.+", re.DOTALL),
}
"""None of them can begin with a dash, or hold what git and others take for a pattern of names."""
PATHS = ("file", "template")
"""These name files of the work folder."""
_WORD = re.compile(r"\{([a-z_]+)\}")
_INSIDE = re.compile(r"(?<!\{)\{[a-z_]+\}(?!\})")


def read_placeholder(text: str) -> str | None:
    """Return the name that a whole text in braces holds; None for any other text."""
    found = _WORD.fullmatch(text)
    return found[1] if found else None


def holds_placeholder(text: str) -> bool:
    """Tell whether a name in braces stands in a text, alone or within it."""
    return bool(_INSIDE.search(text))


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return the value of a text that is a placeholder, and any other text as it is."""
    name = read_placeholder(text)
    return text if name is None else values[name]


def find_bad_value(values: Mapping[str, str]) -> str | None:
    """Return the name of a value that its placeholder may not stand for; None where all may."""
    return next((name for name, value in values.items() if not PATTERNS[name].fullmatch(value)), None)


def list_placeholders(recipe: Recipe) -> frozenset[str]:
    """Return the names of all placeholders that a recipe uses."""
    return frozenset(name for text in _texts(recipe) if (name := read_placeholder(text)) is not None)


def _texts(recipe: Recipe) -> Iterator[str]:
    for command in recipe.commands:
        yield from command.argv
    for step in recipe.steps:
        if isinstance(step, FileCopy):
            yield from (step.source, step.target)
    yield from (touch.path for touch in recipe.touches)
    yield from (one.path for one in recipe.check if not isinstance(one, Command))
    yield from (*recipe.fits.files, *recipe.fits.absent, *recipe.fits.broken)
