"""The folder of a demo store: told by a file that no other store has, and never mistaken for one in use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ....core.errors import UsageError
from ....core.folders import make_private_folder
from ....core.whole_files import write_whole
from ...folder_lock import lock_folder
from ...settings import Settings

DEMO_FILE = "truths.json"
_MARK = "errclass demo"
_COMPLETE = frozenset({"seed", "days", "since", "until", "counts", "truths"})
"""What is said of a demo store that is complete, and what ``errclass demo`` shows."""
_STORE_FILES = ("outcomes.duckdb", "outcomes.duckdb.wal", "inbox.sqlite", "inbox.sqlite-wal", "inbox.sqlite-shm")


def name_demo(settings: Settings) -> Path:
    """Return the usual folder."""
    return settings.home / "demo"


def find_demo(folder: Path) -> dict[str, Any] | None:
    """Return what the demo store in a folder says of itself; None where there is none.

    One that is not ``complete`` says nothing more: whoever made it was stopped. Nor is one that says less than it has
    to: another version made it, or somebody wrote into the file.
    """
    try:
        document = json.loads((folder / DEMO_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(document, dict) and document.get("made_by") == _MARK and "complete" in document
    if not known:
        return None
    return {**document, "complete": bool(document["complete"]) and document.keys() >= _COMPLETE}


def check_place(folder: Path, settings: Settings) -> None:
    """Raise UsageError for a folder that is none of a demo store, and for the store that is in use."""
    if folder.resolve().is_relative_to(Path(settings.store).resolve()):
        raise UsageError(
            f"{folder}: is the store in use, or in it, which a demo never touches; name another folder with --out, "
            "or unset ERRCLASS_STORE"
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name a new or empty one with --out")
    if folder.is_dir() and find_demo(folder) is None and any(folder.iterdir()):
        raise UsageError(f"{folder}: is not empty and no demo store; name a new or empty folder with --out")


@contextmanager
def renew_place(folder: Path) -> Iterator[None]:
    """Make the folder, drop what is in it of an earlier demo store, and hold it alone for the block.

    Until it is marked as complete it is a demo store that is to be made anew.
    """
    make_private_folder(folder)
    with lock_folder(folder):
        mark_place(folder, {"complete": False})
        for name in _STORE_FILES:
            (folder / name).unlink(missing_ok=True)
        yield


def mark_place(folder: Path, document: dict[str, Any]) -> dict[str, Any]:
    """Write down that it is a demo store and what is in it, and return that."""
    marked = {"made_by": _MARK, **document}
    content = json.dumps(marked, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / DEMO_FILE, content.encode(), private=True)
    return marked
