"""A store in a folder: an inbox that any process may write to, and a history that merges fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..core.errors import StoreError
from .answers import find_failure, look_up, read_copy
from .archive import ArchiveBusyError
from .condition import Backlog, StoreCondition
from .escalations import (
    Document,
    EscalationChange,
    change_escalations,
    forget_escalations,
    read_escalation,
    read_escalations,
)
from .event import Event
from .inbox import Inbox, explain_faults
from .mail_tables import MailTables
from .marks import CallBefore, RecentFailure
from .probing import probe_states
from .pruned import Pruned
from .states import READ, Change, change_state, list_states, parse_state
from .tallies import Question, Tallies

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

READ_WAIT = 10.0
"""Seconds that a report or a training run waits for the history."""


class FolderBackend:
    """Keep outcomes in a folder, which the first write creates; any number of processes may use it at once."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self._archive = folder / "outcomes.duckdb"
        self._inbox = Inbox(folder / "inbox.sqlite")

    @property
    def place(self) -> str:
        return str(self._folder)

    def exists(self) -> bool:
        self._check_folder()
        return self._inbox.exists() or self._archive.exists()

    def add(self, events: Iterable[Event]) -> None:
        self._inbox.add(events)

    def merge(self, *, wait: float) -> int:
        from .merging import merge_inbox

        if not self.exists():
            return 0
        try:
            return merge_inbox(self._inbox, self._archive, wait=wait, now=self._clock)
        except ArchiveBusyError:
            return 0

    def add_frame(self, frame: Any, *, wait: float) -> int:
        from .bulk import add_frame

        return add_frame(self._inbox, self._archive, frame, wait=wait, now=self._clock)

    def prune(self, before: datetime, *, wait: float, labelled: bool, dry_run: bool) -> Pruned:
        from .pruning import prune_history

        if not self._archive.exists():
            return Pruned({})
        return prune_history(self._inbox, self._archive, before, wait=wait, labelled=labelled, dry_run=dry_run)

    def recount(self, *, wait: float) -> None:
        from .pruning import recount_history

        if self.exists():
            recount_history(self._inbox, self._archive, wait=wait)

    def vacuum(self, *, wait: float) -> tuple[int, int]:
        from .pruning import vacuum_history

        return vacuum_history(self._archive, wait=wait) if self._archive.exists() else (0, 0)

    def change_state(self, kind: str, name: str, change: Change[T]) -> T:
        with self._inbox.hold_alone() as connection:
            return change_state(connection, kind, name, change)

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        if not self._inbox.exists():
            return None
        with self._inbox.look() as connection:
            row = connection.execute(READ, (kind, name)).fetchone()
        return parse_state(row[0]) if row else None

    def list_states(self, kind: str) -> dict[str, Mapping[str, Any] | None]:
        if not self._inbox.exists():
            return {}
        with self._inbox.look() as connection:
            return list_states(connection.execute, kind)

    def change_mail(self, work: Callable[[MailTables], T]) -> T:
        with self._inbox.hold_alone() as connection:
            return work(MailTables(connection.execute))

    def read_mail(self, work: Callable[[MailTables], T], *, absent: T) -> T:
        if not self._inbox.exists():
            return absent
        with self._inbox.look() as connection:
            return work(MailTables(connection.execute))

    def change_escalations(self, change: EscalationChange[T], only: str | None) -> T:
        with self._inbox.hold_alone() as connection:
            return change_escalations(connection.execute, change, only)

    def read_escalations(self, *, open_only: bool, limit: int | None) -> list[Document]:
        if not self._inbox.exists():
            return []
        with self._inbox.look() as connection:
            return read_escalations(connection.execute, open_only=open_only, limit=limit)

    def read_escalation(self, escalation_id: str) -> Document | None:
        if not self._inbox.exists():
            return None
        with self._inbox.look() as connection:
            return read_escalation(connection.execute, escalation_id)

    def forget_escalations(self) -> int:
        if not self._inbox.exists():
            return 0
        with self._inbox.hold_alone() as connection:
            return forget_escalations(connection.execute)

    def retry_parked(self) -> None:
        if self._inbox.exists() and self._inbox.count_parked():
            self._inbox.unpark()

    def reading(self, *, wait: float) -> AbstractContextManager[DuckDBPyConnection]:
        from .reader import open_reader

        self._check_folder()
        return open_reader(self._inbox, self._archive, wait=wait)

    def look_up(self, question: Question) -> Tallies:
        """Answer from the inbox's file; raise ArchiveBusyError while it has no copy of the history's counts yet."""
        if not self._inbox.exists():
            self._require_copy(known=False)
            return Tallies()
        with self._inbox.look() as connection:
            self._require_copy(known=read_copy(connection) is not None)
            return look_up(connection, question)

    def find_failure(self, call: CallBefore) -> RecentFailure | None:
        if not self._inbox.exists():
            return None
        with self._inbox.look() as connection:
            return find_failure(connection, call)

    def holds(self, outcome_id: str) -> bool:
        if self._inbox.exists() and self._inbox.holds("outcome", outcome_id):
            return True
        if not self._archive.exists():
            return False
        with self.reading(wait=READ_WAIT) as session:
            return session.execute("SELECT 1 FROM failures WHERE id = ?", [outcome_id]).fetchone() is not None

    def count_waiting(self) -> tuple[int, int]:
        return (self._inbox.count(), self._inbox.count_parked()) if self._inbox.exists() else (0, 0)

    def read_backlog(self) -> Backlog:
        if not self._inbox.exists():
            return Backlog()
        return Backlog(*self.count_waiting(), self._inbox.oldest())

    def examine(self, *, wait: float | None) -> StoreCondition:
        from .examination import examine_folder

        with explain_faults(self._folder):
            size = self.size_bytes() if self.exists() else 0
            return examine_folder(self._inbox.path, self._archive, size, wait=wait)

    def probe(self) -> None:
        with self._inbox.hold_alone() as connection:
            probe_states(connection.execute)

    def size_bytes(self) -> int:
        size = 0
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):  # logs and drafts come and go
                size += file.stat().st_size
        return size

    def close(self) -> None:
        self._inbox.close()

    def _require_copy(self, *, known: bool) -> None:
        if not known and self._archive.exists():
            raise ArchiveBusyError(
                f"the counts of the outcome history {self._archive} are not made yet; run: errclass outcomes merge"
            )

    def _check_folder(self) -> None:
        """Raise StoreError where a file stands in the place of the folder: that is no empty store."""
        if self._folder.is_file():
            raise StoreError(f"{self._folder}: is a file, and no folder of a store; set ERRCLASS_STORE to a folder")
