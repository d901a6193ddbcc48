"""One recovery at a time of each component, over all processes."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ...core.folders import make_private_folder


class BusyError(OSError):
    """Another recovery of the component is at work."""


@contextmanager
def hold_components(folder: Path, names: Sequence[str]) -> Iterator[None]:
    """Hold all components for the block, or raise BusyError at once; the locks end with their process, however it ends.

    A name that is a path is a folder with all below it: others may hold its neighbours, not what it lies in. Where the
    platform has no such lock, nothing is held.
    """
    if sys.platform == "win32":
        yield
        return
    make_private_folder(folder)
    handles: list[int] = []
    try:
        handles.extend(_take(name_lock(folder, name), name, shared=False) for name in sorted(set(names)))
        handles.extend(_take(name_lock(folder, name), name, shared=True) for name in _list_outer(names))
        yield
    finally:
        for handle in handles:
            os.close(handle)


def _list_outer(names: Sequence[str]) -> list[str]:
    """Return the folders that the named ones lie in."""
    outer = {str(parent) for name in names if name.startswith("/") for parent in Path(name).parents}
    return sorted(outer - set(names))


def name_lock(folder: Path, name: str) -> Path:
    """Return the file that stands for a component."""
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock"


def _take(path: Path, name: str, *, shared: bool) -> int:
    import fcntl  # only here, for the settings name modes of recoveries on every system

    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise BusyError(f"a recovery of {name} is at work already") from error
    return handle
