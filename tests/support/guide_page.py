"""docs/writing-rules.md: its files are laid out, and its commands run.

Run as a program (``just docs``) it writes anew what the commands print.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from support.readme import Shell, list_blocks, rewrite_console
from support.source import find_source

PAGE = find_source() / "docs" / "writing-rules.md"
_PLACE = re.compile(r"# (our-rules/[\w/.]+\.yaml)\n")


def list_files(text: str) -> dict[str, str]:
    """Return the YAML blocks of the page by the path in their first line; raise ValueError for one without."""
    files: dict[str, str] = {}
    for block in list_blocks(text):
        if block.language == "yaml":
            place = _PLACE.match(block.body)
            if place is None:
                raise ValueError(f"the first line of a file says where it lies: {block.body[:40]!r}")
            files[place[1]] = block.body
    return files


def open_shell(text: str, folder: Path) -> Shell:
    """Return a shell in a folder in which the files of the page lie."""
    shell = Shell(find_source(), folder)
    for name, content in list_files(text).items():
        path = folder / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return shell


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as work:
        PAGE.write_text(rewrite_console(page, open_shell(page, Path(work))), encoding="utf-8")
