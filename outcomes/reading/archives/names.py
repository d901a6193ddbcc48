"""Which names a file inside of an archive may have."""

from __future__ import annotations

import re
from pathlib import Path

from ....core.errors import UsageError

# Archives of Windows separate by backslashes, so both count everywhere.
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|\Z)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def refuse_outside(path: Path, name: str) -> None:
    """Raise UsageError for the name of a member that would leave the folder that an archive is unpacked to.

    Nothing is unpacked to a folder here, but an archive that tries is not one to learn from.
    """
    if _OUTSIDE.match(name):
        raise UsageError(f"{path}: its member {name[:200]!a} leads out of the archive; it was not read")


def has_controls(name: str) -> bool:
    """Tell whether a name holds characters that steer terminals or turn the direction of writing."""
    return bool(_CONTROLS.search(name))
