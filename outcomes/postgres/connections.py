"""A few connections that threads share: opened at use, kept, and opened anew when the server dropped them."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from .address import Address
from .driver import connect
from .faults import explain_faults
from .schema import bring_up

if TYPE_CHECKING:
    import psycopg

    from .driver import Connection

T = TypeVar("T")

MOST: Final = 4
"""Connections that one process holds at most; further threads wait for one."""
_CLASH_TRIES: Final = 8
_CLASH_PAUSE: Final = 0.05
# Serialization failure and deadlock: the server undid one of two transactions that were in each other's way.
_CLASHES: Final = ("40001", "40P01")


@dataclass(slots=True)
class _Link:
    connection: Connection
    ready: bool = False
    """The tables are there and of this version."""


class Connections:
    """Run work on connections to one address; every fault is a StoreError.

    Work may be run again, when the connection was dropped or transactions clashed, and must bear that. One value may be
    shared by threads and survives a fork.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._inherited: list[_Link] = []
        self._idle: list[_Link] = []
        self._begin()

    def read(self, work: Callable[[Connection], T], *, absent: T) -> T:
        """Return what ``work`` returns; ``absent`` where no store was made yet."""

        def look(link: _Link) -> T:
            return work(link.connection) if self._is_ready(link, create=False) else absent

        return self._run(look)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` returns; the store is made where it is absent."""

        def act(link: _Link) -> T:
            self._is_ready(link, create=True)
            return work(link.connection)

        return self._run(act)

    def close(self) -> None:
        """Close what is idle; the next use opens a connection again."""
        self._follow_fork()
        with self._lock:
            idle, self._idle = self._idle, []
        for link in idle:
            link.connection.close()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(MOST)

    def _follow_fork(self) -> None:
        """Leave the parent's connections alone: closing one here would end the parent's session."""
        if self._owner != os.getpid():
            self._inherited += self._idle
            self._idle = []
            self._begin()

    def _is_ready(self, link: _Link, *, create: bool) -> bool:
        if not link.ready:
            link.ready = bring_up(link.connection, self._address, create=create)
        return link.ready

    def _run(self, work: Callable[[_Link], T]) -> T:
        clashes, reopened = 0, False
        with explain_faults(self._address):
            import psycopg

            while True:
                link = None
                try:
                    with self._take() as link:
                        return work(link)
                except psycopg.Error as error:
                    if error.sqlstate in _CLASHES and clashes < _CLASH_TRIES:
                        clashes += 1
                        time.sleep(random.uniform(0, _CLASH_PAUSE * 2**clashes))  # noqa: S311 - it spreads processes
                    elif _is_dropped(link, error) and not reopened:
                        reopened = True
                        self.close()  # what else is idle was dropped with it
                    else:
                        raise

    @contextmanager
    def _take(self) -> Iterator[_Link]:
        self._follow_fork()
        with self._slots:
            with self._lock:
                link = self._idle.pop() if self._idle else None
            link = link or _Link(connect(self._address))
            try:
                yield link
            finally:
                self._give_back(link)

    def _give_back(self, link: _Link) -> None:
        from psycopg.pq import TransactionStatus

        if link.connection.info.transaction_status == TransactionStatus.IDLE:
            with self._lock:
                self._idle.append(link)
        else:
            link.connection.close()


def _is_dropped(link: _Link | None, error: psycopg.Error) -> bool:
    """Tell whether the connection was lost after it had been there; an unreachable server is not tried twice."""
    return link is not None and (link.connection.closed or (error.sqlstate or "").startswith("57P"))
