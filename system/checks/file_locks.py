"""Who holds a lock on a file, where the system tells."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_TABLE = Path("/proc/locks")


def find_holders(paths: Iterable[Path], table: Path = _TABLE) -> dict[Path, list[int]] | None:
    """Return the processes that hold a lock on each file that is locked, none twice; None where nobody can tell.

    Only Linux tells, by its table of locks (proc_locks(5)).
    """
    try:
        lines = table.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    # Devices are not compared: btrfs and overlays are called otherwise there than by stat.
    known: dict[int, list[int]] = {}
    for line in lines:
        words = line.split()
        if len(words) < 8 or words[1] == "->":  # it only waits for one
            continue
        with contextlib.suppress(ValueError):
            known.setdefault(int(words[5].rpartition(":")[2]), []).append(int(words[4]))
    held = {path: known[number] for path in paths if (number := _find_number(path)) in known}
    return {path: sorted(set(numbers)) for path, numbers in held.items()}


def _find_number(path: Path) -> int:
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - one call, likewise for files and folders
    except OSError:
        return 0
