"""What a place that holds outcomes can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .condition import Backlog, StoreCondition
from .escalations import Document, EscalationChange
from .event import Event
from .mail_tables import MailTables
from .marks import CallBefore, RecentFailure
from .pruned import Pruned
from .states import Change
from .tallies import Question, Tallies

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


T = TypeVar("T")


class Backend(Protocol):
    """Keep events and answer questions; every fault is a StoreError."""

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        ...

    def exists(self) -> bool:
        """Tell whether anything was ever written here; writes nothing."""
        ...

    def add(self, events: Iterable[Event]) -> None:
        """Write events in one transaction, durable when this returns; known ids are left as they are."""
        ...

    def merge(self, *, wait: float) -> int:
        """Move what waits into the history and return its number; 0 when that is in use for ``wait`` seconds."""
        ...

    def add_frame(self, frame: Any, *, wait: float) -> int:
        """Insert the rows of a frame whose texts are masked, all or none, and return how many were new."""
        ...

    def prune(self, before: datetime, *, wait: float, labelled: bool, dry_run: bool) -> Pruned:
        """Drop what happened before a moment, labelled failures only if ``labelled``; ``dry_run`` only counts."""
        ...

    def recount(self, *, wait: float) -> None:
        """Make the counts that decisions ask for anew, from the tables."""
        ...

    def vacuum(self, *, wait: float) -> tuple[int, int]:
        """Give the space of dropped rows back, and return the size before and after in bytes."""
        ...

    def retry_parked(self) -> None:
        """Let the next merge try again what could not be merged."""
        ...

    def reading(self, *, wait: float) -> AbstractContextManager[DuckDBPyConnection]:
        """Open a DuckDB session over all that was written, for one query."""
        ...

    def look_up(self, question: Question) -> Tallies:
        """Answer the question of one decision."""
        ...

    def find_failure(self, call: CallBefore) -> RecentFailure | None:
        """Return the failure of one call of a run within the last day; None when there is none."""
        ...

    def holds(self, outcome_id: str) -> bool:
        """Tell whether an outcome is stored."""
        ...

    def change_state(self, kind: str, name: str, change: Change[T]) -> T:
        """Change a shared state in one transaction, durable when this returns; ``change`` may be asked twice."""
        ...

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        """Return a shared state without waiting for writers; None where there is none."""
        ...

    def list_states(self, kind: str) -> dict[str, Mapping[str, Any] | None]:
        """Return all shared states of a kind by name; None for one that is damaged."""
        ...

    def change_mail(self, work: Callable[[MailTables], T]) -> T:
        """Do ``work`` on what waits to be told, in one transaction, durable when this returns; it may be done twice."""
        ...

    def read_mail(self, work: Callable[[MailTables], T], *, absent: T) -> T:
        """Return what ``work`` reads of what waits to be told; ``absent`` where no store was made yet."""
        ...

    def change_escalations(self, change: EscalationChange[T], only: str | None) -> T:
        """Change the open escalations, or the one with the id ``only``, in one transaction."""
        ...

    def read_escalations(self, *, open_only: bool, limit: int | None) -> list[Document]:
        """Return escalations, newest first."""
        ...

    def read_escalation(self, escalation_id: str) -> Document | None:
        """Return an escalation; None where there is none."""
        ...

    def forget_escalations(self) -> int:
        """Drop the closed ones and return their number."""
        ...

    def count_waiting(self) -> tuple[int, int]:
        """Return how many events are not merged yet, and how many of these cannot be."""
        ...

    def read_backlog(self) -> Backlog:
        """Return what waits to be merged."""
        ...

    def examine(self, *, wait: float | None) -> StoreCondition:
        """Return how it is; nothing is made or brought to a newer schema."""
        ...

    def probe(self) -> None:
        """Write something, read it back and remove it; a store is made where it is absent."""
        ...

    def size_bytes(self) -> int:
        """Return the size on disk."""
        ...

    def close(self) -> None:
        """Release what is open; the next use opens it again."""
        ...
