"""A store in a PostgreSQL server: events that any machine may write, and tables that merges fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from .condition import Backlog, StoreCondition
from .escalations import Document, EscalationChange, forget_escalations, read_escalation, read_escalations
from .event import Event
from .mail_tables import MailTables
from .marks import CallBefore, RecentFailure
from .postgres.address import Address
from .postgres.answers import count_waiting, find_failure, holds, look_up, measure_size, read_backlog
from .postgres.connections import Connections
from .postgres.escalations import change_escalations
from .postgres.mail import change_mail, open_mail
from .postgres.merging import merge_events, unpark
from .postgres.pruning import prune_tables, recount_tables, vacuum_tables
from .postgres.statements import make_run
from .postgres.states import change_state, read_state
from .postgres.writing import write_events
from .probing import probe_states
from .pruned import Pruned
from .states import Change, list_states, parse_state
from .tallies import Question, Tallies
from .times import to_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from .postgres.driver import Connection


T = TypeVar("T")


class PostgresBackend:
    """Keep outcomes in a schema of a database, which the first write makes; many machines may use it at once."""

    def __init__(self, address: Address, clock: Callable[[], datetime]) -> None:
        self._address = address
        self._clock = clock
        self._connections = Connections(address)

    @property
    def place(self) -> str:
        return self._address.place

    def exists(self) -> bool:
        return self._connections.read(lambda _: True, absent=False)

    def add(self, events: Iterable[Event]) -> None:
        ready = list(events)  # whatever makes them may take long, or fail
        self._connections.write(partial(write_events, events=ready))

    def merge(self, *, wait: float) -> int:
        return merge_events(self._connections, wait=wait, now=self._clock)

    def add_frame(self, frame: Any, *, wait: float) -> int:
        from .postgres.bulk import add_frame

        return add_frame(self._connections, frame, wait=wait, now=self._clock)

    def prune(self, before: datetime, *, wait: float, labelled: bool, dry_run: bool) -> Pruned:
        prune = partial(prune_tables, moment=to_naive_utc(before), wait=wait, labelled=labelled, dry_run=dry_run)
        return self._connections.read(prune, absent=Pruned({}))

    def recount(self, *, wait: float) -> None:
        self._connections.read(partial(recount_tables, wait=wait), absent=None)

    def vacuum(self, *, wait: float) -> tuple[int, int]:
        return self._connections.read(partial(vacuum_tables, wait=wait), absent=(0, 0))

    def change_state(self, kind: str, name: str, change: Change[T]) -> T:
        return self._connections.write(lambda connection: change_state(connection, kind, name, change))

    def read_state(self, kind: str, name: str) -> Mapping[str, Any] | None:
        text = self._connections.read(lambda connection: read_state(connection, kind, name), absent=None)
        return None if text is None else parse_state(text)

    def list_states(self, kind: str) -> dict[str, Mapping[str, Any] | None]:
        return self._connections.read(lambda connection: list_states(make_run(connection), kind), absent={})

    def change_mail(self, work: Callable[[MailTables], T]) -> T:
        return self._connections.write(lambda connection: change_mail(connection, work))

    def read_mail(self, work: Callable[[MailTables], T], *, absent: T) -> T:
        return self._connections.read(lambda connection: work(open_mail(connection)), absent=absent)

    def change_escalations(self, change: EscalationChange[T], only: str | None) -> T:
        return self._connections.write(lambda connection: change_escalations(connection, change, only))

    def read_escalations(self, *, open_only: bool, limit: int | None) -> list[Document]:
        return self._connections.read(
            lambda connection: read_escalations(make_run(connection), open_only=open_only, limit=limit), absent=[]
        )

    def read_escalation(self, escalation_id: str) -> Document | None:
        return self._connections.read(
            lambda connection: read_escalation(make_run(connection), escalation_id), absent=None
        )

    def forget_escalations(self) -> int:
        return self._connections.read(lambda connection: forget_escalations(make_run(connection)), absent=0)

    def retry_parked(self) -> None:
        self._connections.read(unpark, absent=None)

    def reading(self, *, wait: float) -> AbstractContextManager[DuckDBPyConnection]:
        """Open a session at once, whatever others do: in the server, nobody waits for a reader or is waited for."""
        from .postgres.reading import open_reader

        return open_reader(self._address, self._connections)

    def look_up(self, question: Question) -> Tallies:
        return self._connections.read(partial(look_up, question=question), absent=Tallies())

    def find_failure(self, call: CallBefore) -> RecentFailure | None:
        find = partial(find_failure, call=call)
        return self._connections.read(find, absent=None)

    def holds(self, outcome_id: str) -> bool:
        return self._connections.read(partial(holds, outcome_id=outcome_id), absent=False)

    def count_waiting(self) -> tuple[int, int]:
        return self._connections.read(count_waiting, absent=(0, 0))

    def read_backlog(self) -> Backlog:
        return self._connections.read(read_backlog, absent=Backlog())

    def examine(self, *, wait: float | None) -> StoreCondition:
        from .postgres.examination import examine_server

        return examine_server(self._address)

    def probe(self) -> None:
        def probe(connection: Connection) -> None:
            with connection.transaction():
                probe_states(make_run(connection))

        self._connections.write(probe)

    def size_bytes(self) -> int:
        return self._connections.read(measure_size, absent=0)

    def close(self) -> None:
        self._connections.close()
