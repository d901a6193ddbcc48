"""Changes to a work folder that happen as a whole or not at all."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.folders import make_private_folder
from .confinement import LeavesFolderError, locate
from .environment import reduce_environment
from .errors import CannotKeepError
from .journal import Entry, Journal, Record, read_journal
from .mounts import refuse_mounts
from .safekeeping import copy_safely, is_same, is_there, move_safely, remove_draft, remove_safely
from .step_runner import StepRunner

_BACK_SECONDS = 300.0
_KEPT = "kept"
_SPENT = "spent"
"""Folder of backups that were copied back, until they are removed."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """Say what was put back, and what could not be."""

    restored: tuple[str, ...]
    faults: tuple[str, ...]
    kept: tuple[Path, ...] = ()
    """Where that lies now which stood in the place of what was put back."""


class Transaction:
    """Set paths of a work folder safe, and in the end commit or roll back."""

    def __init__(self, journal: Journal, work: Path) -> None:
        self.journal, self._work = journal, work
        self._entries: list[Entry] = []

    @property
    def saved(self) -> Path:
        """Where the paths are that were set safe."""
        return self.journal.folder / "saved"

    def keep(self, path: str, how: str, *, guard: bool = False) -> Entry:
        """Set a path safe; raise OSError where that cannot be. One that is not there is removed by a roll-back."""
        place = locate(self._work, path)
        if not is_there(place):
            path = _first_missing(self._work, path)
        if self.journal.folder.resolve().is_relative_to(place.resolve()):
            raise CannotKeepError(f"{path} holds the backups themselves; set ERRCLASS_HOME to another folder")
        if not guard and is_there(place):
            refuse_mounts(place)
        entry = Entry(len(self._entries), path, how, is_there(place), guard)
        self.journal.note_entry(entry)
        self._entries.append(entry)
        if entry.was_there:
            put = move_safely if how == "aside" else copy_safely
            put(place, self.saved / str(entry.number))
        return entry

    def find_changed_guards(self) -> list[str]:
        """Return the watched paths that are not what they were."""
        guards = [entry for entry in self._entries if entry.guard]
        return [one.path for one in guards if not is_same(self._work / one.path, self.saved / str(one.number))]

    def commit(self, keep: Callable[[Entry], bool] = lambda entry: False) -> Path | None:
        """Make it final; return where the replaced paths lie that ``keep`` names, None where none do."""
        kept = [entry.number for entry in self._entries if entry.was_there and keep(entry)]
        self._note_commit(kept)
        with contextlib.suppress(OSError):  # it is final from here on; what is left is cleaned up at the next start
            clean_up(self.journal.folder, kept)
        return self.journal.folder if kept else None

    def _note_commit(self, kept: Sequence[int]) -> None:
        try:
            self.journal.note_end("committed", kept)
        except OSError:
            record = read_journal(self.journal.folder)
            if record is None or not record.ended:  # else the line is whole, and whoever reads it takes it for final
                raise

    def roll_back(self, environ: Mapping[str, str]) -> WayBack:
        """Have everything as it was; the calls that lead back are run once, and only if a step ran to a good end."""
        record = read_journal(self.journal.folder)
        if record is None:
            return WayBack((), ("the journal is gone",))
        if record.ended:  # a success that was cut off while it cleaned up stays one
            return WayBack((), ())
        faults = self._go_back(record, environ) if record.passed and not record.went_back else []
        return roll_back(record, faults)

    def _go_back(self, record: Record, environ: Mapping[str, str]) -> list[str]:
        """Run the calls that lead back where no backup can; return what went wrong."""
        deadline = time.monotonic() + _BACK_SECONDS
        runner = StepRunner(record.work, reduce_environment(environ, record.id, record.environ), deadline=deadline)
        faults: list[str] = []
        for call in record.back:
            self.journal.note_back(call)
            ran = runner.run(call, _BACK_SECONDS)
            faults += [f"{' '.join(call)} failed: {ran.output[-500:]}"] if ran.exit_code != 0 else []
        return faults


def roll_back(record: Record, faults: Sequence[str] = (), *, keep: bool = False) -> WayBack:
    """Have all paths as they were before; may be interrupted and repeated. What fails stays in the backup.

    With ``keep`` nothing is removed for good: what stands in the way may have come after the recovery.
    """
    faults, restored = list(faults), []
    for entry in reversed(record.entries):
        try:
            if _restore(record, entry, keep=keep):
                restored.append(entry.path)
        except OSError as error:
            faults.append(f"{entry.path}: {error}; its backup is {record.saved / str(entry.number)}")
    _end(record, faults)
    return WayBack(tuple(restored), tuple(faults), list_discarded(record.folder))


def list_discarded(folder: Path) -> tuple[Path, ...]:
    """Return what stood in the way of a roll-back and was kept."""
    place = folder / _KEPT
    return tuple(sorted(place.iterdir())) if place.is_dir() else ()


def _end(record: Record, faults: Sequence[str]) -> None:
    """Note that it is over, for good: what could not be put back is a person's, and its backup stays."""
    kept = [entry.number for entry in record.entries if is_there(record.saved / str(entry.number))] if faults else []
    with contextlib.suppress(OSError):  # a full disk: all is put back, and what is left is cleaned up at the next start
        Journal(record.folder).note_end("roll_back_failed" if faults else "rolled_back", kept)
        clean_up(record.folder, kept)


def clean_up(folder: Path, kept: Sequence[int]) -> Path | None:
    """Remove all of an ended transaction but the backups ``kept``, and what stood in the way of a roll-back.

    Returns its folder where anything stays in it.
    """
    names = set(map(str, kept))
    if names or list_discarded(folder):
        _remove_others(folder, names)
        return folder
    with contextlib.suppress(OSError):  # what cannot be removed now is removed at the next start
        remove_safely(folder)
    return None


def _remove_others(folder: Path, names: Collection[str]) -> None:
    for path in (*folder.joinpath("saved").iterdir(), folder / _SPENT):
        if path.name not in names and is_there(path):
            with contextlib.suppress(OSError):
                remove_safely(path)


def _restore(record: Record, entry: Entry, *, keep: bool) -> bool:
    """Put one path back; return whether anything had to be changed."""
    try:
        place = locate(record.work, entry.path)
    except LeavesFolderError:
        if not (record.work / entry.path).is_symlink():  # a step may have made a link of it; its folder leads out
            raise
        place = _locate_link(record.work, entry.path)
    saved = record.saved / str(entry.number)
    remove_draft(place)
    if not entry.was_there:
        return _take_away(record, entry, place, keep=keep)
    if not is_there(saved):  # it was never moved, or is back already
        return False
    if is_same(place, saved):
        remove_safely(saved)
        return False
    _take_away(record, entry, place, keep=keep)
    place.parent.mkdir(parents=True, exist_ok=True)
    move_safely(saved, place, spent=_name_free(record.folder / _SPENT, entry))
    return True


def _first_missing(work: Path, path: str) -> str:
    """Return the outermost folder on the way to a path that is not there: what a roll-back takes away."""
    parts = path.split("/")
    ways = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return next(way for way in ways if not is_there(work / way))


def _locate_link(work: Path, path: str) -> Path:
    parent, _, name = path.rpartition("/")
    return (locate(work, parent) if parent else work) / name


def _take_away(record: Record, entry: Entry, place: Path, *, keep: bool) -> bool:
    """Take away what stands where a path is put back: out of sight at once, and then removed or kept."""
    if not is_there(place):
        return False
    if keep:
        move_safely(place, _name_free(record.folder / _KEPT, entry))
        return True
    discarded = record.folder / f"discarded-{entry.number}"
    if is_there(discarded):
        remove_safely(discarded)
    move_safely(place, discarded)
    remove_safely(discarded)
    return True


def _name_free(folder: Path, entry: Entry) -> Path:
    """Return a path that is free: a roll-back that was interrupted and is repeated may meet something new."""
    make_private_folder(folder)
    names = (f"{entry.number}-{count}" for count in itertools.count())
    return next(path for name in names if not is_there(path := folder / name))
