"""Where the program of a step lies."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .confinement import LeavesFolderError, locate


def find_program(name: str, work: Path, path: str) -> str | None:
    """Return the program's absolute path; None where there is none.

    A name is looked up on ``path``, a ``./name`` in the work folder. Such a one may link elsewhere, as the ``python``
    of a virtual environment does, but its folder may not.
    """
    if not name.startswith("./"):
        return shutil.which(name, path=path)
    try:
        locate(work, Path(name[2:]).parent.as_posix()) if "/" in name[2:] else None
    except LeavesFolderError:
        return None
    place = work / name[2:]
    return str(place) if place.is_file() and os.access(place, os.X_OK) else None
