"""One writer of the history at a time, also while the file is being replaced."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .archive import ArchiveBusyError

NAME = "merge.lock"


@contextmanager
def hold_merge_lock(folder: Path, *, wait: float) -> Iterator[None]:
    """Hold the folder's lock; raise ArchiveBusyError after ``wait`` seconds.

    DuckDB locks the file that it opened, whatever its name is by then: a writer could end up in the file that a vacuum
    has just replaced. This lock is held by name. It is SQLite's, for that ends with its process on every system.
    """
    path = folder / NAME
    lock = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
    try:
        path.chmod(0o600)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise ArchiveBusyError(f"another process writes the outcome history in {folder}") from error
        yield
    finally:
        lock.close()
