"""The folder of a demo store: told by a file that no other store has, and never mistaken for one in use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ....core.errors import UsageError
from ....core.folders import make_private_folder
from ....core.whole_files import write_whole
from ...settings import Settings

DEMO_FILE = "truths.json"
_MARK = "errclass demo"
_OURS = ("outcomes.duckdb", "inbox.sqlite", "merge.lock", DEMO_FILE)
"""Beginnings of the names of all files that a demo store consists of."""


def name_demo(settings: Settings) -> Path:
    """Return the usual folder."""
    return settings.home / "demo"


def find_demo(folder: Path) -> dict[str, Any] | None:
    """Return what the demo store in a folder says of itself; None where there is none."""
    try:
        document = json.loads((folder / DEMO_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and document.get("made_by") == _MARK else None


def check_place(folder: Path, settings: Settings) -> None:
    """Raise UsageError for a folder that is none of a demo store, and for the store that is in use."""
    if folder.resolve() == Path(settings.store).resolve():
        raise UsageError(
            f"{folder}: is the store in use, which a demo never touches; name another folder with --out, "
            "or unset ERRCLASS_STORE"
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name a new or empty one with --out")
    if folder.is_dir() and find_demo(folder) is None and any(folder.iterdir()):
        raise UsageError(f"{folder}: is not empty and no demo store; name a new or empty folder with --out")


def clear_place(folder: Path) -> None:
    """Make the folder, and leave nothing in it of an earlier demo store but its mark."""
    make_private_folder(folder)
    mark_place(folder, {"complete": False})
    for file in folder.iterdir():
        if file.name.startswith(_OURS) and file.name != DEMO_FILE:
            file.unlink()


def mark_place(folder: Path, document: dict[str, Any]) -> None:
    """Say that it is a demo store, and what is in it."""
    content = json.dumps({"made_by": _MARK, **document}, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / DEMO_FILE, content.encode(), private=True)
