"""The outcome store: records what happened, durably, and reads it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from ..core.clock import utc_now
from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from ..core.happenings import Action, Attempt, CaseResult, Message
from ..core.ids import new_id
from ..core.types import Context, History, Label, Outcome
from .archive import ArchiveBusyError
from .backend import Backend
from .chances import recovery_chances, retry_chance
from .clean_text import clean_text
from .condition import Backlog, StoreCondition
from .escalations import Document, EscalationChange
from .event import Event, How
from .events import (
    action_event,
    attempt_events,
    case_result_event,
    label_event,
    label_undo_event,
    message_event,
    outcome_events,
    registration_event,
    resolution_event,
)
from .folder_backend import READ_WAIT, FolderBackend
from .mail_tables import MailTables
from .marks import CallBefore, RecentFailure
from .pruned import Pruned
from .states import Change
from .summary import StoreStats
from .tallies import NOTHING, Question, Tallies
from .times import from_naive_utc, to_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

INCIDENT_JOBS = 5
"""Jobs with one fingerprint within half an hour from which on the cause is most likely not theirs."""
_CHUNK = 500


class Store:
    """Record outcomes durably and read them back.

    ``place`` is a folder, or the address of a PostgreSQL database (``postgres://...``), in which a schema is made; the
    first write creates it, never a read. One value may be shared by threads, and any number of processes may use the
    same place. All faults of files and servers are StoreErrors.
    """

    def __init__(self, place: str | Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._backend = _choose_backend(place, clock)

    @property
    def place(self) -> str:
        """Where it is, without secrets."""
        return self._backend.place

    def record(self, outcome: Outcome) -> str:
        """Write one outcome and return its id once it is durable; an id that is already stored is left as it is."""
        self._backend.add(outcome_events(outcome))
        return clean_text(outcome.id)

    def record_many(self, outcomes: Iterable[Outcome]) -> list[str]:
        """Write outcomes in groups, each durable as a whole, and return their ids in order."""
        remaining, ids = iter(outcomes), []
        while chunk := list(islice(remaining, _CHUNK)):
            self.add_events(event for outcome in chunk for event in outcome_events(outcome))
            ids += [clean_text(outcome.id) for outcome in chunk]
        return ids

    def record_frame(self, frame: Any, *, masked: bool = False) -> int:
        """Write a table of failures and return how many were new; known ids are left as they are.

        ``frame`` is what DuckDB reads in place: a DataFrame of pandas or polars, an Arrow table. It has ``text`` and
        any other columns of ``failures``, and ``success``. With ``masked`` you vouch that the texts hold no secrets,
        and all rows go into the history at once, past the inbox. Otherwise each is masked first, and they go the way
        of ``record_many``.
        """
        if masked:
            return self._backend.add_frame(frame, wait=READ_WAIT)
        from .frames import read_frame

        return len(self.record_many(read_frame(frame, self._clock())))

    def record_attempt(self, attempt: Attempt) -> None:
        """Write one finished call of an operation; a success of it ends the count of its failed attempts."""
        self._backend.add(attempt_events(attempt))

    def record_action(self, action: Action) -> None:
        """Write one thing that was done about a failure."""
        self._backend.add([action_event(action)])

    def record_message(self, message: Message) -> None:
        """Write one message to a channel."""
        self._backend.add([message_event(message)])

    def record_cases(self, results: Iterable[CaseResult]) -> int:
        """Write results of tests in groups, each durable as a whole, and return their number."""
        remaining, count = iter(results), 0
        while chunk := list(islice(remaining, _CHUNK)):
            self._backend.add(case_result_event(result) for result in chunk)
            count += len(chunk)
        return count

    def register(
        self,
        kind: Literal["model", "policy"],
        version: str,
        event: str,
        document: Mapping[str, Any],
        *,
        author: str = "",
    ) -> None:
        """Note what befell a model or a policy: trained, promoted, rolled back, first used."""
        self._backend.add([registration_event(kind, version, event, document, author, new_id())])

    def resolve(self, outcome_id: str, success: bool, *, how: How | None = None) -> None:
        """Say how the operation of a recorded outcome ended, and by what; of several reports the last counts."""
        self._require(outcome_id)
        self._backend.add([resolution_event(outcome_id, success, self._clock(), new_id(), how)])

    def label(
        self,
        outcome_id: str,
        type: str,  # noqa: A002 - it is what the value is called everywhere
        source: Literal["human", "import", "outcome", "weak"] = "human",
        *,
        retryable: bool | None = None,
        weight: float = 1.0,
        author: str | None = None,
        spreads: bool = False,
    ) -> str:
        """Add an opinion on what a recorded outcome really was and return the opinion's id.

        Human counts over import over outcome over weak; within a source the last counts. ``spreads`` says it of all
        outcomes with the same fingerprint. Raises UsageError when there is no such outcome.
        """
        self._require(outcome_id)
        label = Label(type, source, weight, retryable, self._clock(), author, spreads, new_id())
        self._backend.add([label_event(outcome_id, label, label.id)])
        return label.id

    def undo_label(self, label_id: str, *, author: str | None = None) -> None:
        """Take an opinion back; it stays stored, and counts no more. An id that is none of a label changes nothing."""
        self._backend.add([label_undo_event(label_id, author, self._clock(), new_id())])

    def merge(self, *, wait: float = 0.0) -> int:
        """Move waiting events into the history and return their number.

        Returns 0 when another process holds the history for longer than ``wait`` seconds: a later merge takes them.
        """
        return self._backend.merge(wait=wait)

    def prune(self, before: datetime, *, labelled: bool = False, dry_run: bool = False) -> Pruned:
        """Drop what happened before a moment and return what was dropped; what waits is merged first.

        Failures that a person labelled stay unless ``labelled``. ``dry_run`` only counts.
        """
        if not dry_run:
            self.merge(wait=READ_WAIT)
        return self._backend.prune(before, wait=READ_WAIT, labelled=labelled, dry_run=dry_run)

    def recount(self) -> None:
        """Make the counts that decisions ask for anew: rows that belong together may have come far apart."""
        self._backend.recount(wait=READ_WAIT)

    def vacuum(self) -> tuple[int, int]:
        """Give the space of dropped rows back, and return the size before and after in bytes."""
        return self._backend.vacuum(wait=READ_WAIT)

    def retry_parked(self) -> None:
        """Let the next merge try again what could not be merged: this version may know more."""
        self._backend.retry_parked()

    def history(
        self,
        fingerprint: str | None,
        context: Context,
        *,
        type: str | None = None,  # noqa: A002 - as above
        category: str | None = None,
        failing_tests: tuple[str, ...] = (),
    ) -> History:
        """Return what is known of a failure before it is decided; not available where the store cannot tell in time."""
        if not self.exists():
            return History()
        question = Question(
            fingerprint=fingerprint,
            moment=self._clock(),
            operation=context.operation,
            component=context.component,
            type=type,
            category=category,
            failing_tests=failing_tests,
        )
        try:
            return _describe(self._backend.look_up(question))
        except ArchiveBusyError:
            return History(available=False)

    def change_state(self, kind: str, name: str, change: Change[T]) -> T:
        """Change small state that processes share, in one transaction, and return what ``change`` says besides.

        ``change`` takes the state, a JSON-ready mapping or None, and returns the new one (None: as it is) and a
        result; it may be asked twice, and must do nothing else.
        """
        return self._backend.change_state(kind, name, change)

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        """Return shared state; None where there is none."""
        return self._backend.read_state(kind, name)

    def list_states(self, kind: str) -> dict[str, Mapping[str, Any] | None]:
        """Return all shared states of a kind by name; None for one that is damaged."""
        return self._backend.list_states(kind)

    def change_mail(self, work: Callable[[MailTables], T]) -> T:
        """Do ``work`` on the messages that wait to be sent, in one transaction, and return its result.

        Durable when this returns. ``work`` may be done twice, and must do nothing else.
        """
        return self._backend.change_mail(work)

    def read_mail(self, work: Callable[[MailTables], T], *, absent: T) -> T:
        """Return what ``work`` reads of the messages; ``absent`` where nothing was ever written."""
        return self._backend.read_mail(work, absent=absent)

    def change_escalations(self, change: EscalationChange[T], *, only: str | None = None) -> T:
        """Change escalations that processes share, in one transaction, and return what ``change`` says besides.

        ``change`` takes all open ones, or the one with the id ``only``, as JSON-ready mappings, and returns those to be
        written and a result; it may be asked twice, and must do nothing else. The newest 1,000 closed ones stay.
        """
        return self._backend.change_escalations(change, only)

    def read_escalations(self, *, open_only: bool = False, limit: int | None = 1000) -> list[Document]:
        """Return escalations, newest first; ``limit`` None: all that are kept."""
        return self._backend.read_escalations(open_only=open_only, limit=limit)

    def read_escalation(self, escalation_id: str) -> Document | None:
        """Return an escalation; None where there is none."""
        return self._backend.read_escalation(escalation_id)

    def forget_escalations(self) -> int:
        """Drop the closed ones and return their number."""
        return self._backend.forget_escalations()

    def count_waiting(self) -> tuple[int, int]:
        """Return how many events are not merged yet, and how many of these could not be."""
        return self._backend.count_waiting()

    def read_backlog(self) -> Backlog:
        """Return what waits to be merged, and since when."""
        return self._backend.read_backlog()

    def examine(self, *, wait: float | None = 2.0) -> StoreCondition:
        """Return how the store is, without changing it, not even to a newer schema.

        ``wait`` are the seconds for whoever has the history; None: it is not looked at. Raises StoreError for what is
        damaged, foreign, newer than this version, or cannot be reached.
        """
        return self._backend.examine(wait=wait)

    def probe(self) -> None:
        """Write something durably, read it back and leave nothing behind; raises StoreError where that fails.

        As any write does, it makes a store that is absent and brings an older one to the newest schema.
        """
        self._backend.probe()

    def find_failure(self, call: CallBefore) -> RecentFailure | None:
        """Return the failure of one call of a run within the last day; None when there is none."""
        return self._backend.find_failure(call)

    def outcomes(self, *, page: int = 1000) -> Iterator[Outcome]:
        """Yield all stored outcomes, oldest first; the history is open only while a page is fetched."""
        from .reader import ask
        from .rebuilding import rebuild_outcome

        def read_page(session: DuckDBPyConnection) -> list[Outcome]:
            rows = ask(session, "outcome_page", {"after_time": after[0], "after_id": after[1], "size": page})
            opinions = defaultdict(list)
            for label in ask(session, "outcome_labels", {"ids": [row["id"] for row in rows]}):
                opinions[label["failure_id"]].append(label)
            return [rebuild_outcome(row, opinions[row["id"]]) for row in rows]

        after = (datetime.min, "")  # noqa: DTZ901 - naive UTC, as stored
        while self.exists():
            with self.reading() as session:
                found = read_page(session)
            yield from found
            if len(found) < page:
                return
            after = (to_naive_utc(found[-1].time), found[-1].id)

    def stats(self) -> StoreStats:
        """Count what is stored."""
        from .reader import ask

        if not self.exists():
            return StoreStats()
        with self.reading() as session:
            types = {row["type"] or "undecided": row["outcomes"] for row in ask(session, "type_counts")}
            sources = {row["source"]: row["outcomes"] for row in ask(session, "label_counts")}
            first, last = session.execute("SELECT min(occurred_at), max(occurred_at) FROM failures").fetchall()[0]
            (calls,) = session.execute("SELECT count(*) FROM attempts").fetchall()[0]
        waiting, parked = self.count_waiting()
        return StoreStats(
            outcomes=sum(types.values()),
            by_type=FrozenDict(types),
            labelled=FrozenDict(sources),
            calls=calls,
            waiting=waiting,
            parked=parked,
            first=first and from_naive_utc(first),
            last=last and from_naive_utc(last),
            size_bytes=self._backend.size_bytes(),
        )

    def reading(self, *, wait: float = READ_WAIT) -> AbstractContextManager[DuckDBPyConnection]:
        """Open a DuckDB session over history plus inbox for one query; raise StoreError when locked for ``wait`` s."""
        return self._backend.reading(wait=wait)

    def exists(self) -> bool:
        """Tell whether anything was ever recorded here."""
        return self._backend.exists()

    def close(self) -> None:
        """Close what is open; what was recorded is safe without it."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_events(self, events: Iterable[Event]) -> None:
        """Write ready-made events in one transaction."""
        self._backend.add(events)

    def _require(self, outcome_id: str) -> None:
        if not self._backend.holds(clean_text(outcome_id)):
            raise UsageError(f"no outcome {outcome_id!r} in {self.place}")


def _choose_backend(place: str | Path, clock: Callable[[], datetime]) -> Backend:
    # Told here by the scheme alone, for what reads addresses takes longer to load than a decision's history to read.
    if not str(place).startswith(("postgres://", "postgresql://")):
        return FolderBackend(Path(place), clock)
    from .postgres.address import read_address
    from .postgres_backend import PostgresBackend

    return PostgresBackend(read_address(str(place)), clock)


def _describe(tallies: Tallies) -> History:
    groups = tallies.groups
    own = groups.get("fingerprint", NOTHING)
    return History(
        seen=own.seen,
        failed_attempts=tallies.failed_attempts,
        retries=own.retries,
        retry_successes=own.retry_successes,
        first_seen=own.first_seen,
        last_seen=own.last_seen,
        retry=retry_chance(groups),
        recoveries=recovery_chances(groups),
        recovery_seconds=own.recovery_seconds / own.recovered if own.recovered else None,
        type_seen=groups.get("type", NOTHING).seen,
        component_seen=groups.get("component", NOTHING).seen,
        jobs=tallies.jobs,
        incident=tallies.jobs >= INCIDENT_JOBS,
        flaky_tests=tallies.flaky_tests,
    )
