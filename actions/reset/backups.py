"""Backups that resets left: listed, and put back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..recover.interrupted import LOCKS
from ..recover.journal import Entry, Record, read_journal


@dataclass(frozen=True, slots=True)
class Backup:
    """Name one backup."""

    id: str
    kind: str
    """Of the reset, or the name of ``restore``."""
    work: Path
    folder: Path
    paths: tuple[str, ...]
    """What it holds, relative to ``work``."""


def list_backups(root: Path) -> tuple[Backup, ...]:
    """Return the backups below a folder, oldest first."""
    if not root.is_dir():
        return ()
    folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name != LOCKS)
    records = [record for folder in folders if (record := read_backup(folder)) is not None]
    return tuple(Backup(record.id, record.name, record.work, record.folder, list_kept(record)) for record in records)


def read_backup(folder: Path) -> Record | None:
    """Return the journal of a reset that is over and left something; None for anything else."""
    try:
        record = read_journal(folder)
    except (OSError, ValueError):
        return None
    return record if record is not None and record.ended == "committed" and record.kept else None


def list_kept(record: Record) -> tuple[str, ...]:
    """Return the paths that a backup holds."""
    return tuple(entry.path for entry in list_kept_entries(record))


def list_kept_entries(record: Record) -> tuple[Entry, ...]:
    """Return the entries whose backups are there."""
    kept = set(record.kept)
    return tuple(entry for entry in record.entries if entry.number in kept)
