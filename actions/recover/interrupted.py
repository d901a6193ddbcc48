"""Recoveries that ended in the middle: rolled back at the next start."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

from .component_locks import BusyError, hold_components
from .journal import Journal, Record, read_journal
from .marked_processes import end_marked
from .transaction import WayBack, clean_up, roll_back

LOCKS = "locks"
_MOST_KEPT = 20
"""Folders of replaced files that are kept; the oldest are removed first, but those of what could not be put back."""
_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class RolledBack:
    """Say what was done about one interrupted recovery."""

    id: str
    name: str
    """Of the recipe, or the kind of reset."""
    work: Path
    restored: tuple[str, ...]
    faults: tuple[str, ...]
    not_run: tuple[tuple[str, ...], ...] = ()
    """Calls that may lead back where no backup can; a person decides, for much may have happened since."""
    kept: tuple[Path, ...] = ()
    """What stood in the place of what was put back; it may be work of somebody since."""


def roll_back_interrupted(root: Path) -> tuple[RolledBack, ...]:
    """Roll back all recoveries below ``root`` whose process is gone; drop old backups."""
    if not root.is_dir():
        return ()
    done: list[RolledBack] = []
    kept: list[Path] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and path.name != LOCKS):
        try:
            record = read_journal(folder)
        except (ValueError, OSError) as error:
            _log.warning("errclass.journal_unreadable: %s", error)
            continue
        if record is not None and not record.ended:
            found = _roll_back_one(record, root)
            done += [found] if found else []
        elif record is not None and clean_up(folder, record.kept) and record.ended != "roll_back_failed":
            kept.append(folder)
    for folder in kept[: max(0, len(kept) - _MOST_KEPT)]:
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(done)


def _abandon(record: Record) -> WayBack:
    """Give up on a work folder that is gone: nothing can be put back, and what was set safe stays for a while."""
    kept = [entry.number for entry in record.entries if entry.was_there]
    Journal(record.folder).note_end("abandoned", kept)
    return WayBack((), (f"{record.work} is gone; what was set safe is in {record.saved}",))


def _is_over(folder: Path) -> bool:
    """Look again, now that nobody else works on it: its process may have come to its end meanwhile."""
    record = read_journal(folder)
    return record is None or bool(record.ended)


def _roll_back_one(record: Record, root: Path) -> RolledBack | None:
    try:
        with hold_components(root / LOCKS, record.locks):
            if _is_over(record.folder):
                return None
            end_marked(record.id)
            way_back = roll_back(record, keep=True) if record.work.is_dir() else _abandon(record)
    except BusyError:  # its process lives
        return None
    _log.warning("errclass.recovery_rolled_back: %s in %s was interrupted", record.name, record.work)
    not_run = record.back if record.began and not record.went_back else ()
    for call in not_run:
        _log.warning("errclass.way_back_not_run: look whether this is needed: %s", " ".join(call))
    for path in way_back.kept:
        _log.warning("errclass.kept: what stood in the way is now %s", path)
    return RolledBack(record.id, record.name, record.work, way_back.restored, way_back.faults, not_run, way_back.kept)
