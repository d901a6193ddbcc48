"""Find out whether a store really takes a write, and leave nothing behind."""

from __future__ import annotations

from ..core.errors import StoreError
from ..core.ids import new_id
from .statements import Run

_KIND = "probe"
_SIZE = 4096
"""Characters; a page of the file at least."""


def probe_states(run: Run) -> None:
    """Write a row, read it back and remove it, within the one transaction that the caller commits.

    What a commit writes to the disk is the pages, the same as if the row stayed; a kill in the middle leaves none.
    Raises StoreError when another row is read than was written.
    """
    name, document = new_id(), "x" * _SIZE
    run("INSERT INTO states VALUES (?, ?, ?)", (_KIND, name, document))
    (found,) = run("SELECT document FROM states WHERE kind = ? AND name = ?", (_KIND, name)).fetchone() or ("",)
    run("DELETE FROM states WHERE kind = ? AND name = ?", (_KIND, name))
    if found != document:
        raise StoreError("the outcome store does not give back what was written to it; check its disk")
