"""What a recovery is about to do, on disk before it is done: a line each, in a folder of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.folders import make_private_folder
from .errors import CannotKeepError

VERSION = 1
_FILE = "journal.jsonl"
MAX_BYTES = 64 << 20
"""Size that entries may bring it to; all of it is read, whatever its size."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one path that is set safe."""

    number: int
    path: str
    """Relative to the work folder."""
    how: str
    """``aside`` or ``copy``."""
    was_there: bool
    guard: bool = False
    """Whether it is only watched, as lockfiles are."""


@dataclass(frozen=True, slots=True)
class Record:
    """Hold what a journal says."""

    folder: Path
    id: str
    name: str
    """Of the recipe, or the kind of reset."""
    work: Path
    entries: tuple[Entry, ...]
    back: tuple[tuple[str, ...], ...]
    """Calls that lead back where no backup can."""
    began: bool
    """Whether any step may have run."""
    passed: bool
    """Whether any step ran to a good end."""
    went_back: bool
    """Whether ``back`` was begun."""
    ended: str
    """``committed``, ``rolled_back``, ``abandoned``, or nothing while it is open."""
    locks: tuple[str, ...]
    """Components that it holds while it is at work."""
    environ: tuple[str, ...]
    """Environment variables that ``back`` sees besides the usual ones."""
    kept: tuple[int, ...] = ()
    """Entries whose backups stay after a commit."""

    @property
    def saved(self) -> Path:
        """Where the paths are that were set safe, by number."""
        return self.folder / "saved"


class Journal:
    """Write one journal; each line is on disk when its method returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open_new(
        cls,
        root: Path,
        recovery_id: str,
        *,
        name: str,
        work: Path,
        back: Sequence[Sequence[str]] = (),
        locks: Sequence[str] = (),
        environ: Sequence[str] = (),
    ) -> Journal:
        """Begin a journal below ``root``."""
        journal = cls(root / recovery_id)
        make_private_folder(journal.folder / "saved")
        head = {"id": recovery_id, "name": name, "work": str(work), "back": [list(call) for call in back]}
        journal._append({"version": VERSION, **head, "locks": list(locks), "environ": list(environ)})
        sync_folder(journal.folder)
        sync_folder(root)
        return journal

    def note_entry(self, entry: Entry) -> None:
        """Note a path that is about to be set safe; raise CannotKeepError where the journal would get too large."""
        values = {"path": entry.path, "how": entry.how, "was_there": entry.was_there, "guard": entry.guard}
        self._append({"entry": entry.number, **values}, most=MAX_BYTES)

    def note_step(self, argv: Sequence[str]) -> None:
        """Note a step that is about to run."""
        self._append({"step": list(argv)})

    def note_passed(self, argv: Sequence[str]) -> None:
        """Note a step that ran to a good end."""
        self._append({"passed": list(argv)})

    def note_back(self, argv: Sequence[str]) -> None:
        """Note a call of the way back that is about to run."""
        self._append({"back": list(argv)})

    def note_end(self, how: str, kept: Sequence[int] = ()) -> None:
        """Note that it is over, how, and which backups stay."""
        self._append({"ended": how, "kept": list(kept)})

    def _append(self, line: Mapping[str, Any], *, most: int | None = None) -> None:
        handle = os.open(self.folder / _FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            data = memoryview(f"\n{json.dumps(line)}\n".encode())  # a line before that was cut off must not spoil it
            if most is not None and os.fstat(handle).st_size + len(data) > most:
                raise CannotKeepError(f"these are more paths than a journal of {most >> 20} MiB can name")
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        finally:
            os.close(handle)


def read_journal(folder: Path) -> Record | None:
    """Return what a journal says; None where it never got its first line. Raises ValueError for no journal."""
    lines = _read_lines(folder / _FILE)
    if not lines:
        return None
    head, rest = lines[0], lines[1:]
    end = next((line for line in rest if "ended" in line), {})
    try:
        return Record(
            folder=folder,
            id=str(head["id"]),
            name=str(head["name"]),
            work=Path(head["work"]),
            entries=tuple(_to_entry(line) for line in rest if "entry" in line),
            back=tuple(tuple(map(str, call)) for call in head["back"]),
            began=any("step" in line for line in rest),
            passed=any("passed" in line for line in rest),
            went_back=any("back" in line for line in rest),
            ended=str(end.get("ended", "")),
            locks=tuple(map(str, head["locks"])),
            environ=tuple(map(str, head["environ"])),
            kept=tuple(map(int, end.get("kept", ()))),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{folder}: holds no journal of a recovery ({error!r})") from error


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_lines(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    found = [_parse_line(line) for line in text.split(b"\n")]
    return [line for line in found if line is not None]


def _parse_line(text: bytes) -> dict[str, Any] | None:
    """Return a line; None for one that is empty or was cut off, since the process was killed while it wrote it."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _to_entry(line: Mapping[str, Any]) -> Entry:
    return Entry(int(line["entry"]), str(line["path"]), str(line["how"]), bool(line["was_there"]), bool(line["guard"]))
