"""The outcome store: a folder with an inbox that any process may write to and a history that merges fill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from ..core.clock import utc_now
from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from ..core.ids import new_id
from ..core.types import Context, History, Label, Outcome
from .archive import ArchiveBusyError
from .events import Event, label_event, outcome_events, resolution_event, to_naive_utc
from .inbox import Inbox
from .merging import merge_inbox
from .reader import ask, open_reader
from .rebuilding import from_naive_utc, rebuild_outcome
from .summary import StoreStats

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ATTEMPT_WINDOW = timedelta(hours=24)
HISTORY_WAIT = 0.2
"""Seconds that a decision waits for its history."""
READ_WAIT = 10.0
"""Seconds that a report or a training run waits for the history."""
_CHUNK = 500


class Store:
    """Record outcomes durably and read them back.

    ``folder`` is created by the first write, never by a read. One value may be shared by threads, and any number of
    processes may use the same folder. All faults of files are StoreErrors.
    """

    def __init__(self, folder: str | Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.folder = Path(folder)
        self._clock = clock
        self._archive = self.folder / "outcomes.duckdb"
        self._inbox = Inbox(self.folder / "inbox.sqlite")

    def record(self, outcome: Outcome) -> str:
        """Write one outcome and return its id once it is durable; an id that is already stored is left as it is."""
        self._inbox.add(outcome_events(outcome))
        return outcome.id

    def record_many(self, outcomes: Iterable[Outcome]) -> list[str]:
        """Write outcomes in groups, each durable as a whole, and return their ids in order."""
        remaining, ids = iter(outcomes), []
        while chunk := list(islice(remaining, _CHUNK)):
            self._inbox.add(event for outcome in chunk for event in outcome_events(outcome))
            ids += [outcome.id for outcome in chunk]
        return ids

    def resolve(self, outcome_id: str, success: bool) -> None:
        """Say how the operation of a recorded outcome ended; of several reports the last counts."""
        self._require(outcome_id)
        self._inbox.add([resolution_event(outcome_id, success, self._clock(), new_id())])

    def label(
        self,
        outcome_id: str,
        type: str,  # noqa: A002 - it is what the value is called everywhere
        source: Literal["human", "import", "outcome", "weak"] = "human",
        *,
        retryable: bool | None = None,
        weight: float = 1.0,
    ) -> None:
        """Add an opinion on what a recorded outcome really was; raise UsageError when there is no such outcome.

        Opinions are only ever added. Human counts over import over outcome over weak; within a source the last counts.
        """
        self._require(outcome_id)
        self._inbox.add([label_event(outcome_id, Label(type, source, weight, retryable, self._clock()), new_id())])

    def merge(self, *, wait: float = 0.0) -> int:
        """Move waiting events into the history and return their number.

        Returns 0 when another process holds the history for longer than ``wait`` seconds: a later merge takes them.
        """
        if not self._inbox.exists():
            return 0
        try:
            return merge_inbox(self._inbox, self._archive, wait=wait)
        except ArchiveBusyError:
            return 0

    def history(self, fingerprint: str | None, context: Context) -> History:
        """Return what is known of a fingerprint and its operation; not available when locked for 200 ms."""
        if fingerprint is None or not self.exists():
            return History()
        moment = to_naive_utc(self._clock() - ATTEMPT_WINDOW)
        question = {"fingerprint": fingerprint, "operation": context.operation, "since": moment}
        try:
            with self.reading(wait=HISTORY_WAIT) as session:
                (answer,) = ask(session, "fingerprint_history", question)
        except ArchiveBusyError:
            return History(available=False)
        seen, attempts, retries, successes, first, last = answer.values()
        return History(seen, attempts, retries, successes, _aware(first), _aware(last))

    def outcomes(self, *, page: int = 1000) -> Iterator[Outcome]:
        """Yield all stored outcomes, oldest first; the history is open only while a page is fetched."""
        after = (datetime.min, "")  # noqa: DTZ901 - naive UTC, as stored
        while self.exists():
            with self.reading() as session:
                found = _read_page(session, after, page)
            yield from found
            if len(found) < page:
                return
            after = (to_naive_utc(found[-1].time), found[-1].id)

    def stats(self) -> StoreStats:
        """Count what is stored."""
        if not self.exists():
            return StoreStats()
        with self.reading() as session:
            types = {row["type"] or "undecided": row["outcomes"] for row in ask(session, "type_counts")}
            sources = {row["source"]: row["outcomes"] for row in ask(session, "label_counts")}
            first, last = session.execute("SELECT min(occurred_at), max(occurred_at) FROM failures").fetchall()[0]
        return StoreStats(
            outcomes=sum(types.values()),
            by_type=FrozenDict(types),
            labelled=FrozenDict(sources),
            waiting=self._inbox.count() if self._inbox.exists() else 0,
            first=_aware(first),
            last=_aware(last),
            size_bytes=sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file()),
        )

    def reading(self, *, wait: float = READ_WAIT) -> AbstractContextManager[DuckDBPyConnection]:
        """Open a DuckDB session over history plus inbox for one query; raise StoreError when locked for ``wait`` s."""
        return open_reader(self._inbox, self._archive, wait=wait)

    def exists(self) -> bool:
        """Tell whether anything was ever recorded here."""
        return self._inbox.exists() or self._archive.exists()

    def close(self) -> None:
        """Close the inbox's file; what was recorded is safe without it."""
        self._inbox.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_events(self, events: Iterable[Event]) -> None:
        """Write ready-made events in one transaction."""
        self._inbox.add(events)

    def _require(self, outcome_id: str) -> None:
        if self._inbox.exists() and self._inbox.holds("outcome", outcome_id):
            return
        if self._archive.exists():
            with self.reading() as session:
                if session.execute("SELECT 1 FROM failures WHERE id = ?", [outcome_id]).fetchone():
                    return
        raise UsageError(f"no outcome {outcome_id!r} in {self.folder}")


def _read_page(session: DuckDBPyConnection, after: tuple[datetime, str], size: int) -> list[Outcome]:
    rows = ask(session, "outcome_page", {"after_time": after[0], "after_id": after[1], "size": size})
    labels = ask(session, "outcome_labels", {"ids": [row["id"] for row in rows]})
    opinions = defaultdict(list)
    for label in labels:
        opinions[label["failure_id"]].append(label)
    return [rebuild_outcome(row, opinions[row["id"]]) for row in rows]


def _aware(time: datetime | None) -> datetime | None:
    return from_naive_utc(time) if time else None
