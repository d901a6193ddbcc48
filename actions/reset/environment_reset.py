"""Reset a work folder to a known state, as a whole or not at all."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ...core.clock import utc_now
from ...core.errors import UsageError
from ...core.ids import new_id
from ...core.types import Classification
from ..recover.catalogue import load_recipes
from ..recover.component_locks import BusyError, hold_components
from ..recover.confinement import find_fault_of_folder, locate
from ..recover.environment import MARKER
from ..recover.interrupted import LOCKS, RolledBack, roll_back_interrupted
from ..recover.journal import Journal
from ..recover.recipe import Recipe
from ..recover.safekeeping import copy_safely
from ..recover.transaction import Transaction
from .backups import Backup, list_backups, list_kept_entries, read_backup
from .course import ResetCourse, ResetOrder
from .levels import KINDS, ResetKind, choose_reset
from .results import ResetResult
from .statistics import ResetLedger, ResetStatistics

_RESTORE = "restore"
_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class ActiveReset:
    """Name one reset that is at work."""

    id: str
    kind: ResetKind
    work: Path
    started: datetime


class EnvironmentReset:
    """Reset work folders; safe to share between threads.

    ``root`` is a folder of our own, outside of what is reset, for journals and backups. Only with
    ``allow_destructive`` uncommitted changes and untracked files are taken away; user data stays even then, unless
    ``preserve_user_data`` is off. Lockfiles always stay. With ``acting`` off nothing is reset. Nothing is raised but
    for an unknown kind: what goes wrong is a result, and all that it took away is back.
    """

    def __init__(
        self,
        root: Path,
        *,
        allow_destructive: bool = False,
        preserve_user_data: bool = True,
        keep_backup: bool = True,
        timeout: float = 1800.0,
        recipes: Sequence[Recipe] | None = None,
        environ: Mapping[str, str] | None = None,
        acting: bool = True,
    ) -> None:
        self._root, self._timeout, self._environ, self._acting = root, timeout, environ, acting
        self._allowed, self._preserve, self._keep = allow_destructive, preserve_user_data, keep_backup
        self._recipes = tuple(recipes) if recipes is not None else load_recipes()
        self._ledger = ResetLedger()
        self._lock = threading.Lock()
        self._active: dict[str, tuple[ActiveReset, threading.Event]] = {}

    def reset_environment(self, kind: ResetKind, work: Path) -> ResetResult:
        """Reset a folder: ``soft``, ``medium``, ``hard`` or ``full``; raises UsageError for any other kind."""
        if kind not in KINDS:
            raise UsageError(f"{kind!r} is no kind of reset; use one of {', '.join(KINDS)}")
        began = time.monotonic()
        result = self._run_guarded(kind, work)
        result = replace(result, seconds=time.monotonic() - began)
        self._ledger.add(result)
        return result

    def reset_for(self, classification: Classification, work: Path) -> ResetResult:
        """Do the least reset that may help against a failure; skipped where none does."""
        kind = choose_reset(classification)
        if kind is None:
            return ResetResult(None, "skipped", "no_reset_helps", f"no reset helps against {classification.type}")
        return self.reset_environment(kind, work)

    def list_backups(self) -> tuple[Backup, ...]:
        """Return what resets replaced or removed of the user's own, oldest first."""
        return list_backups(self._root)

    def restore_from_backup(self, backup_id: str) -> tuple[str, ...]:
        """Put the files of a backup back and return them; what is there now becomes a backup itself.

        Raises UsageError for an unknown backup, and OSError where it cannot be done; then nothing has changed.
        """
        record = read_backup(self._root / Path(backup_id).name)
        if record is None:
            known = ", ".join(one.id for one in self.list_backups()) or "none"
            raise UsageError(f"there is no backup {backup_id!r}; there are: {known}")
        with hold_components(self._root / LOCKS, record.locks):
            journal = Journal.open_new(self._root, new_id(), name=_RESTORE, work=record.work, locks=record.locks)
            transaction = Transaction(journal, record.work)
            entries = list_kept_entries(record)
            try:
                for entry in entries:
                    transaction.keep(entry.path, "aside")
                    place = locate(record.work, entry.path)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    copy_safely(record.saved / str(entry.number), place)
            except BaseException:
                transaction.roll_back(self._get_environ())
                raise
            transaction.commit(lambda entry: True)
        return tuple(entry.path for entry in entries)

    def roll_back_interrupted(self) -> tuple[RolledBack, ...]:
        """Roll back resets whose process was killed in the middle; call it at start."""
        return roll_back_interrupted(self._root)

    def get_active_resets(self) -> tuple[ActiveReset, ...]:
        """Return the resets of this process that are at work."""
        with self._lock:
            return tuple(active for active, _ in self._active.values())

    def cancel_reset(self, reset_id: str) -> bool:
        """End a reset that is at work: all is put back. Returns False where there is no such reset."""
        with self._lock:
            found = self._active.get(reset_id)
        if found:
            found[1].set()
        return found is not None

    def get_statistics(self) -> ResetStatistics:
        """Return counts of this process's resets."""
        return self._ledger.read()

    def get_history(self, limit: int = 100) -> tuple[ResetResult, ...]:
        """Return the newest results, oldest first."""
        return self._ledger.list_newest(limit)

    def reset(self) -> None:
        """Forget statistics and history."""
        self._ledger.reset()

    def _run_guarded(self, kind: ResetKind, work: Path) -> ResetResult:
        if not self._acting:
            return ResetResult(kind, "skipped", "switched_off", "everything automatic is switched off")
        fault = find_fault_of_folder(work)
        if fault:
            return ResetResult(kind, "skipped", "folder_refused", f"{work}: {fault}")
        if MARKER in self._get_environ():
            return ResetResult(kind, "skipped", "inside_a_recovery", "a recovery is at work around this one")
        try:
            self.roll_back_interrupted()
            return self._run(kind, Path(os.path.realpath(work)))
        except BusyError as error:
            return ResetResult(kind, "skipped", "recovery_already_active", str(error))
        except Exception as error:  # noqa: BLE001 - the rim: a fault in here must not become the user's
            _log.warning("errclass.reset_failed: %r", error)
            return ResetResult(kind, "failed", "inner_fault", repr(error))

    def _run(self, kind: ResetKind, work: Path) -> ResetResult:
        active = ActiveReset(new_id(), kind, work, utc_now())
        cancelled = threading.Event()
        order = ResetOrder(
            id=active.id,
            kind=kind,
            work=work,
            root=self._root,
            environ=self._get_environ(),
            recipes=self._recipes,
            timeout=self._timeout,
            cancelled=cancelled,
            allow_destructive=self._allowed,
            preserve_user_data=self._preserve,
            keep_backup=self._keep,
        )
        with self._lock:
            self._active[active.id] = active, cancelled
        try:
            with hold_components(self._root / LOCKS, (str(work),)):
                return ResetCourse(order).run()
        finally:
            with self._lock:
                del self._active[active.id]

    def _get_environ(self) -> Mapping[str, str]:
        return os.environ if self._environ is None else self._environ
