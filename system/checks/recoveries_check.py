"""Recoveries and resets that ended in the middle, or could not be put back."""

from __future__ import annotations

from pathlib import Path

from ...actions.recover.component_locks import name_lock
from ...actions.recover.interrupted import LOCKS
from ...actions.recover.journal import Record, read_journal
from ..recovering import FOLDER
from ..settings import Settings
from .check import Check
from .file_locks import find_holders
from .finding import Finding, sum_up
from .looking import look_safely
from .words import count_things

_FAILED = ("roll_back_failed", "abandoned")
_ADVICE = "look into the folder recovery of the home"


def check_recoveries(settings: Settings) -> Check:
    """Look for recoveries and resets that were interrupted; nothing is put back here."""
    return look_safely("recoveries", lambda: _look(settings.home / FOLDER), advice=_ADVICE)


def _look(root: Path) -> Check:
    found, unreadable = _read_all(root)
    left = [record for record in found if not record.ended]
    working = [record for record in left if _is_at_work(root, record)]
    interrupted = [record for record in left if record not in working]
    findings = [
        *(_tell_interrupted(record) for record in interrupted),
        *(_tell_failed(record) for record in found if record.ended in _FAILED),
        *(Finding("warning", f"{folder} cannot be read", "look into it, then remove it") for folder in unreadable),
    ]
    details = {"kept": len(found), "at_work": len(working), "interrupted": [record.id for record in interrupted]}
    at_work = f", {len(working)} at work" if working else ""
    return sum_up("recoveries", f"{count_things(len(found), 'journal')} kept{at_work}", findings, details)


def _read_all(root: Path) -> tuple[list[Record], list[Path]]:
    """Return what the journals say, and the folders whose journal cannot be read."""
    found: list[Record] = []
    unreadable = []
    folders = sorted(root.iterdir()) if root.is_dir() else []
    for folder in (path for path in folders if path.is_dir() and path.name != LOCKS):
        try:
            record = read_journal(folder)
        except (OSError, ValueError):
            unreadable.append(folder)
        else:
            found += [record] if record else []
    return found, unreadable


def _is_at_work(root: Path, record: Record) -> bool:
    """Tell whether its process lives: it holds the locks until its end."""
    return bool(find_holders(name_lock(root / LOCKS, name) for name in record.locks))


def _tell_interrupted(record: Record) -> Finding:
    advice = "the next recovery on this machine puts back what it changed, such as errclass recover run"
    return Finding("warning", f"{record.name} in {record.work} was interrupted", advice)


def _tell_failed(record: Record) -> Finding:
    said = f"{record.name} in {record.work} could not be put back whole"
    return Finding("warning", said, f"what was set safe is in {record.saved}; put back what is missing by hand")
