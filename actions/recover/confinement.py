"""Paths of a work folder: each is looked at before it is touched, and again whenever that happens."""

from __future__ import annotations

import os
from pathlib import Path


class LeavesFolderError(OSError):
    """A path lies outside of the work folder, or leads there."""


def find_fault_of_form(path: str) -> str | None:
    """Say why a text is no path within a folder; None where it is one. The disk is not looked at."""
    if not path or "\0" in path or "\\" in path:
        return "must be a relative path with forward slashes"
    if path.startswith(("/", "~", "-")):
        return "must be relative to the work folder, and no option"
    if any(part in {"", ".", ".."} for part in path.split("/")):
        return "must name each part plainly: no '..', no '.', no empty part"
    return None


def locate(work: Path, path: str) -> Path:
    """Return where a relative path lies; raise LeavesFolderError if it, or what it links to, is outside of ``work``."""
    fault = find_fault_of_form(path)
    if fault:
        raise LeavesFolderError(f"{path!r} {fault}")
    place = work / path
    root = os.path.realpath(work)
    for real in (os.path.realpath(place.parent), os.path.realpath(place)):
        if real != root and not real.startswith(root.rstrip("/") + "/"):
            raise LeavesFolderError(f"{path!r} leads out of the work folder")
    if os.path.realpath(place) == root:
        raise LeavesFolderError(f"{path!r} is the work folder itself")
    return place


def find_fault_of_folder(work: Path) -> str | None:
    """Say why a folder cannot be worked in; None where it can."""
    if not work.is_dir():
        return "it is no folder"
    real = Path(os.path.realpath(work))
    if real == Path(real.anchor) or real == Path(os.path.realpath(Path("~").expanduser())):
        return "it is the root or the home folder, not one project's"
    if not os.access(real, os.W_OK | os.X_OK):
        return "it may not be written to"
    return None
