"""Move what waits in the inbox into the history, each event exactly once."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .archive import create_archive, open_archive
from .inbox import Inbox
from .inserting import insert_absent
from .records import group_rows, read_event

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 2000
"""Events per transaction; at 16 KB of text each, 32 MB."""


def merge_inbox(inbox: Inbox, path: Path, *, wait: float) -> int:
    """Merge all events that wait now and return their number; raise ArchiveBusyError when the history stays locked.

    A kill at any moment loses nothing and doubles nothing: rows are inserted where their id is absent, committed, and
    only then deleted from the inbox.
    """
    upto = inbox.last()
    if upto == 0:
        return 0
    if not path.exists():
        create_archive(path, inbox)
    with open_archive(path, wait=wait, writable=True) as session:
        return _merge_all(session, inbox, upto)


def _merge_all(session: DuckDBPyConnection, inbox: Inbox, upto: int) -> int:
    merged, after = 0, 0
    while batch := inbox.read(after, upto, BATCH):
        # An unreadable event stays where it is: a newer version may know it.
        readable = [(number, rows) for number, event in batch if (rows := read_event(event)) is not None]
        session.execute("BEGIN")
        for table, records in group_rows(chain.from_iterable(rows for _, rows in readable)).items():
            insert_absent(session, "history", table, records)
        session.execute("COMMIT")
        inbox.remove(number for number, _ in readable)
        merged, after = merged + len(readable), batch[-1][0]
    return merged
