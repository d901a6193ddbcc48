"""Move waiting events into the tables, each exactly once: one process at a time, in whole transactions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from ..event import Event
from ..records import UNREADABLE, Record, group_rows, read_event
from ..summarising import SUMMARISED
from ..tables import TABLES
from ..tallies import ATTEMPT_WINDOW
from ..times import to_naive_utc
from .connections import Connections
from .counting import insert_staged, stage
from .merge_lock import hold_merge_lock
from .statistics import refresh_statistics

if TYPE_CHECKING:
    from .driver import Connection

BATCH: Final = 4000
"""Events per transaction; at 16 KB of text each, 64 MB."""
_LAST = "SELECT coalesce(max(seq), 0) FROM events WHERE parked IS NULL"
_READ = "SELECT seq, kind, id, payload FROM events WHERE seq <= %s AND parked IS NULL ORDER BY seq LIMIT %s"
_PARK = "UPDATE events SET parked = %s WHERE seq = ANY(%s)"
_REMOVE = "DELETE FROM events WHERE seq = ANY(%s)"
_FORGET = "DELETE FROM recent_failures WHERE occurred_at < %s"

Batch = Sequence[tuple[int, Event]]


@dataclass(frozen=True, slots=True)
class Merged:
    """Count the events of one batch: nothing was read where nothing waits, or another process merges."""

    read: int = 0
    stored: int = 0


class RefusedError(Exception):
    """The tables do not take one of these events."""

    def __init__(self, batch: Batch, reason: str) -> None:
        super().__init__(reason)
        self.numbers = [number for number, _ in batch]


def merge_events(connections: Connections, *, wait: float, now: Callable[[], datetime]) -> int:
    """Merge all events that wait now and return their number; stop where another process merges for ``wait`` seconds.

    Rows, counts and the removal of their events are one transaction, so that a kill at any moment loses nothing and
    doubles nothing. An event that the tables refuse is parked, and the others go on.
    """
    upto = connections.read(_find_last, absent=0)
    if not upto:
        return 0
    merged, limit = 0, BATCH
    while True:
        try:
            found = connections.write(partial(_merge_batch, upto=upto, limit=limit, wait=wait))
        except RefusedError as error:
            limit = max(len(error.numbers) // 2, 1)
            if len(error.numbers) == 1:
                connections.write(partial(_park, numbers=error.numbers, reason=str(error)))
        else:
            if not found.read:
                break
            merged += found.stored
            limit = min(limit * 2, BATCH)
    connections.write(partial(_forget_old, moment=now()))
    connections.write(refresh_statistics)
    return merged


def unpark(connection: Connection) -> None:
    """Let the next merge try again what could not be merged: this version may know more."""
    connection.execute("UPDATE events SET parked = NULL WHERE parked IS NOT NULL")


def _find_last(connection: Connection) -> int:
    row = connection.execute(_LAST).fetchone()
    return int(row[0]) if row else 0


def _merge_batch(connection: Connection, *, upto: int, limit: int, wait: float) -> Merged:
    """Merge the first ``limit`` waiting events; raise RefusedError, with nothing changed, when one is refused."""
    from psycopg import DataError, IntegrityError
    from psycopg.errors import LockNotAvailable, ProgramLimitExceeded

    batch: list[tuple[int, Event]] = []
    try:
        with connection.transaction():
            hold_merge_lock(connection, wait)
            rows = connection.execute(_READ, (upto, limit)).fetchall()
            batch += [(number, Event(kind, name, payload)) for number, kind, name, payload in rows]
            return _store(connection, batch) if batch else Merged()
    except LockNotAvailable:
        return Merged()
    except (DataError, IntegrityError, ProgramLimitExceeded) as error:
        raise RefusedError(batch, str(error).partition("\n")[0]) from error


def _store(connection: Connection, batch: Batch) -> Merged:
    rows = {number: read_event(event) for number, event in batch}
    readable = {number: found for number, found in rows.items() if found is not None}
    unreadable = [number for number in rows if number not in readable]
    if unreadable:
        _park(connection, unreadable, UNREADABLE)
    if readable:
        _insert(connection, group_rows(chain.from_iterable(readable.values())))
        connection.execute(_REMOVE, (list(readable),))
    return Merged(len(batch), len(readable))


def _insert(connection: Connection, tables: Mapping[str, Sequence[Record]]) -> None:
    for table in {*tables, *SUMMARISED}:
        unique = {record["id"]: record for record in reversed(tables.get(table, ()))}  # of those with one id, the first
        stage(connection, table, ([record.get(name) for name in TABLES[table]] for record in unique.values()))
    insert_staged(connection, tables)


def _park(connection: Connection, numbers: Sequence[int], reason: str) -> None:
    """Keep events that cannot be merged out of further merges, with the reason."""
    connection.execute(_PARK, (reason, list(numbers)))


def _forget_old(connection: Connection, moment: datetime) -> None:
    """Drop failures that no question reaches back to any more."""
    connection.execute(_FORGET, (to_naive_utc(moment - ATTEMPT_WINDOW),))
