"""The table of checks in docs/doctor.md; run as a program (``just docs``) it is written anew."""

from __future__ import annotations

import re
from itertools import groupby

from support.source import find_source

from errclass.system.checks.catalogue import CATALOGUE

PAGE = find_source() / "docs" / "doctor.md"
_TABLE = re.compile(r"(<!-- checks -->\n).*?(<!-- /checks -->)", re.DOTALL)


def write_table() -> str:
    """Return a table for each group, a line for each check."""
    parts = []
    for group, kinds in groupby(CATALOGUE, key=lambda kind: kind.group):
        lines = ["| check | looks at | what to do |", "|---|---|---|"]
        lines += [f"| `{kind.name}` | {kind.looks_at} | {kind.help} |" for kind in kinds]
        parts.append(f"### {group.capitalize()}\n\n" + "\n".join(lines) + "\n")
    return "\n" + "\n".join(parts) + "\n"


def fill_in_table(text: str) -> str:
    """Return the page with the table as it is now."""
    return _TABLE.sub(lambda match: match[1] + write_table() + match[2], text)


if __name__ == "__main__":
    PAGE.write_text(fill_in_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
