"""Whether others may read what is the user's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from .finding import Finding

_OTHERS = 0o077


def find_exposed(folder: Path, files: Iterable[Path]) -> list[Finding]:
    """Return what is wrong with owners and modes of a folder and of files in it; nothing where these mean nothing.

    What lies in a folder that only its owner enters may have any mode: nobody else gets there.
    """
    if os.name != "posix":
        return []
    found = {path: status for path in (folder, *files) if (status := _read_status(path)) is not None}
    findings = [finding for path, status in found.items() for finding in _judge_owner(path, status)]
    if folder in found and found[folder].st_mode & _OTHERS:
        findings += [finding for path, status in found.items() for finding in _judge_mode(path, status)]
    return findings


def _read_status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:  # it comes and goes, or the check of what needs it tells
        return None


def _judge_owner(path: Path, status: os.stat_result) -> list[Finding]:
    user = os.geteuid()
    if status.st_uid == user:
        return []
    advice = f"chown {user} {path}, or set ERRCLASS_HOME to a folder of the one who runs errclass"
    return [Finding("warning", f"{path} belongs to user {status.st_uid}, not to {user}", advice)]


def _judge_mode(path: Path, status: os.stat_result) -> list[Finding]:
    mode = stat.S_IMODE(status.st_mode)
    if not mode & _OTHERS:
        return []
    wanted = "0700" if stat.S_ISDIR(status.st_mode) else "0600"
    advice = f"chmod {wanted} {path}, unless it is shared on purpose"
    return [Finding("warning", f"others may use {path} (mode {mode:04o})", advice)]
