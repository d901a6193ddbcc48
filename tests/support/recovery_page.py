"""The table of recipes in docs/recovery.md; run as a program (``just docs``) it is written anew."""

from __future__ import annotations

import re

from support.source import find_source

from errclass.actions.recover import Recipe, load_recipes

PAGE = find_source() / "docs" / "recovery.md"
_TABLE = re.compile(r"(<!-- recipes -->\n).*?(<!-- /recipes -->)", re.DOTALL)


def write_table() -> str:
    """Return the table, a line for each recipe."""
    lines = ["| recipe | purpose | types | what it does | effect |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *map(_write_line, load_recipes())]) + "\n"


def fill_in_table(text: str) -> str:
    """Return the page with the table as it is now."""
    return _TABLE.sub(lambda match: match[1] + write_table() + match[2], text)


def _write_line(recipe: Recipe) -> str:
    asks = ", asks" if recipe.autonomy == "ask" else ""
    types = ", ".join(recipe.fits.types)
    return f"| `{recipe.name}` | {recipe.purpose} | {types} | {recipe.title} | {recipe.effect}{asks} |"


if __name__ == "__main__":
    PAGE.write_text(fill_in_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
