"""Room on the disks that errclass writes to."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ..settings import Settings
from .check import Check
from .file_system_check import list_places
from .finding import Finding, sum_up
from .looking import look_safely

LEAST_BYTES, LOW_BYTES = 50_000_000, 1_000_000_000
LEAST_INODES = 1_000
_ADVICE = "free some space, for example with errclass outcomes prune and vacuum"


def check_space(settings: Settings) -> Check:
    """Look at the free space and the free inodes under home, store and the folder for temporary files."""
    return look_safely("space", lambda: _look(settings), advice=_ADVICE)


def _look(settings: Settings) -> Check:
    places = {**dict(list_places(settings)), "temporary files": Path(tempfile.gettempdir())}
    free = {name: shutil.disk_usage(place).free for name, place in places.items()}
    inodes = {name: _count_inodes(place) for name, place in places.items()}
    findings = [finding for name in places for finding in _judge(name, free[name], inodes[name])]
    said = ", ".join(f"{name} {size / 1e9:.1f} GB" for name, size in free.items())
    return sum_up("space", f"free: {said}", findings, {"free_bytes": free, "free_inodes": inodes})


def _judge(name: str, free: int, inodes: int | None) -> list[Finding]:
    findings = []
    if free < LOW_BYTES:
        said = f"only {free / 1e6:.0f} MB are free for {name}"
        findings.append(Finding("problem" if free < LEAST_BYTES else "warning", said, _ADVICE))
    if inodes is not None and inodes < LEAST_INODES:
        advice = "remove small files there; no new one can be made soon"
        findings.append(Finding("problem", f"only {inodes} more files can be made for {name}", advice))
    return findings


def _count_inodes(place: Path) -> int | None:
    """Return how many more files can be made; None where the file system does not count them."""
    if not hasattr(os, "statvfs"):
        return None
    found = os.statvfs(place)
    return found.f_favail if found.f_files else None
