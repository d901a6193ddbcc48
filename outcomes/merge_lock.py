"""One writer of the history at a time, also while the file is being replaced."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .archive import ArchiveBusyError
from .inbox import explain_faults

NAME = "merge.lock"


@contextmanager
def hold_merge_lock(folder: Path, *, wait: float) -> Iterator[None]:
    """Hold the folder's lock; raise ArchiveBusyError after ``wait`` seconds.

    DuckDB locks the file that it opened, whatever its name is by then: a writer could end up in the file that a vacuum
    has just replaced. This lock is held by name. It is SQLite's, for that ends with its process on every system.
    """
    with explain_faults(folder / NAME):
        lock = _take(folder / NAME, wait)
    try:
        yield
    finally:
        lock.close()


def _take(path: Path, wait: float) -> sqlite3.Connection:
    is_new = not path.exists()
    lock = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
    try:
        if is_new:
            path.chmod(0o600)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" in str(error):
            raise ArchiveBusyError(f"another process writes the outcome history in {path.parent}") from error
        raise
    except BaseException:
        lock.close()
        raise
    return lock
