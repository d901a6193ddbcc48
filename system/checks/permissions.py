"""Whether others may read what is the user's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from .finding import Finding

_OTHERS = 0o077


def find_exposed(paths: Iterable[Path]) -> list[Finding]:
    """Return what is wrong with owners and modes of files and folders that exist; nothing where these mean nothing."""
    if os.name != "posix":
        return []
    return [finding for path in paths for finding in _look(path)]


def _look(path: Path) -> list[Finding]:
    try:
        found = path.stat()
    except OSError:  # it comes and goes, or the check of what needs it tells
        return []
    findings = []
    user = os.geteuid()
    if found.st_uid != user:
        advice = (
            f"give it to the one who runs errclass: chown {user} {path}, or set ERRCLASS_HOME to a folder of theirs"
        )
        findings.append(Finding("warning", f"{path} belongs to user {found.st_uid}, not to {user}", advice))
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS:
        wanted = "0700" if stat.S_ISDIR(found.st_mode) else "0600"
        advice = f"chmod {wanted} {path}, unless it is shared on purpose"
        findings.append(Finding("warning", f"others may use {path} (mode {mode:04o})", advice))
    return findings
