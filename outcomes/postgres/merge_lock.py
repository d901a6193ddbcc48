"""One transaction at a time that changes the tables of the history and their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .driver import Connection

_STATEMENT_LIMIT: Final = "10min"


def hold_merge_lock(connection: Connection, wait: float) -> None:
    """Hold the lock until the transaction ends; raise the driver's LockNotAvailable after ``wait`` seconds.

    Two transactions that count at once would each miss what the other adds. Nobody else waits for the lock: neither
    those who record nor those who read. The limits of the connection's statements are widened until the end too.
    """
    connection.execute(f"SET LOCAL lock_timeout = {max(int(wait * 1000), 1)}".encode())
    connection.execute("SELECT 1 FROM store_state FOR UPDATE")
    connection.execute(f"SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = '{_STATEMENT_LIMIT}'".encode())
