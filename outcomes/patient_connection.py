"""A connection to an SQLite file that waits for other processes as long in every case as it is told to."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from .patience import find_patience


class PatientConnection(sqlite3.Connection):
    """Begin transactions within ``find_patience``, also while another process is making the index of the log.

    For a lock SQLite waits as long as its timeout says. For that index, which whoever opens the file first makes, it
    looks a hundred times within ten seconds and then fails with SQLITE_PROTOCOL. A process that is held up meanwhile,
    by a busy disk say, would cost another one its record. Nothing was begun by then, so the statement is given again.
    """

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """See ``sqlite3.Connection``."""
        deadline = time.monotonic() + find_patience()
        while True:
            try:
                return super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_PROTOCOL or time.monotonic() > deadline:
                    raise
                _tell_wait()

    def __del__(self) -> None:
        """Close it with the store that nobody closed: a program's default store lives as long as the program."""
        self.close()


def connect_patiently(path: Path) -> PatientConnection:
    """Open a file in autocommit mode, for any thread; it is created where it is absent."""
    return sqlite3.connect(
        path, timeout=find_patience(), isolation_level=None, check_same_thread=False, factory=PatientConnection
    )


def _tell_wait() -> None:
    import logging

    logging.getLogger("errclass").info("errclass.inbox_waits: another process is making the index of the inbox's log")
