"""A slice of a store: what figures of a window rest on, copied out of tables that hold much more.

Marts are views over whole tables, so that a figure of one day would read and join years. In a schema of the session
they are views over copies of the rows that can matter: what happened since the slice starts and, as deep as the figures
need it, whatever belongs to that, and what tells whether an incident was open by then. There they answer, from
``since`` on, as over everything; before it they do not. Long texts are not copied. What needs all of history, or texts,
asks ``main.failures`` and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .depth import Depth
from .sql_files import load_sql
from .times import to_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WATCHED = timedelta(days=14)
"""How long before its window a slice starts: so long an operation counts as watched, see ``observed_operations``."""
_MOST = 0.6
"""Share of the failures from which on copying them takes longer than it saves."""
_LAST = """
SELECT max(moment) FROM (
    SELECT max(occurred_at) AS moment FROM main.failures
    UNION ALL SELECT max(ended_at) FROM main.attempts
    UNION ALL SELECT max(resolved_at) FROM main.resolutions
) AS ends
"""
_SHARE = "SELECT count(*) FILTER (WHERE occurred_at >= slice_start()) / count(*) FROM main.failures"
_FAILED = ("decided_categories", "failures")
_NARROW = ("narrow_attempts", "narrow_resolutions")
_CALLED = ("attempts", "resolutions")
_TOUCHED = ("touched_runs", "touched_failures", "touched_calls")
_EARLIER = ("last_successes", "earlier_failures", "earlier_calls")
_FURTHER = {"failures": "further_failures", "attempts": "further_calls", "resolutions": "further_reports"}
_ANSWERED = ("decisions", "spoken_causes", "labels")
_DERIVED = ("all_labels", "standing_labels", "effective_labels")
"""Views that are made from these tables."""


def cut_slice(session: DuckDBPyConnection, schema: str, depth: Depth, since: datetime, *, openings: bool) -> bool:
    """Make the tables of the slice that answers from ``since`` on, and tell whether it is less than everything.

    ``schema``: an empty one that the session looks into first. ``openings``: incidents that were open at ``since`` are
    to be known from their very beginning.
    """
    cutting = _Cutting(session, schema)
    _start(session, to_naive_utc(since), openings=openings, watched=depth >= Depth.INCIDENTS)
    (share,) = session.execute(_SHARE).fetchall()[0]
    if share is None or share > _MOST:  # NULL without failures
        return False
    cutting.make(("narrow_failures",), "VIEW")
    cutting.make(_FAILED)
    if depth >= Depth.COURSES:
        cutting.add_courses()
    if depth >= Depth.INCIDENTS:
        cutting.settle()
    cutting.make(_ANSWERED)
    cutting.derive(_DERIVED)
    if depth >= Depth.COURSES:
        cutting.make(("actions",))
        cutting.derive(("latest_resolutions",))
    return True


class _Cutting:
    def __init__(self, session: DuckDBPyConnection, schema: str) -> None:
        self._session, self._schema = session, schema

    def make(self, names: Iterable[str], kind: str = "TABLE") -> None:
        for name in names:
            self._session.execute(f"CREATE {kind} {self._schema}.{name} AS {load_sql(f'slice/{name}')}")

    def derive(self, names: Iterable[str]) -> None:
        for name in names:
            self._session.execute(f"CREATE VIEW {self._schema}.{name} AS {load_sql(name)}")

    def add_courses(self) -> None:
        """Add calls and reports of the time, and what belongs to these and to the failures."""
        self.make(_NARROW, "VIEW")
        self.make((*_CALLED, *_TOUCHED))
        self._add("failures", "touched_failures")
        self._add("attempts", "touched_calls")
        self.make(("touched_reports",))
        self._add("resolutions", "touched_reports")

    def settle(self) -> None:
        """Add what tells whether places worked of which the slice of time does not tell it."""
        self.make(("unsettled_places",))
        if self._session.execute("SELECT 1 FROM unsettled_places LIMIT 1").fetchall():
            self.make((*_EARLIER, *_FURTHER.values()))
            for table, ids in _FURTHER.items():
                self._add(table, ids)

    def _add(self, table: str, ids: str) -> None:
        self._session.execute(
            f"INSERT INTO {self._schema}.{table} FROM narrow_{table} WHERE id IN (SELECT id FROM {ids})"
        )


def _start(session: DuckDBPyConnection, since: datetime, *, openings: bool, watched: bool) -> None:
    """Set where the slice starts; what is known last is in it also where the window lies after that."""
    session.execute("SET VARIABLE slice_since = ?", [since])
    session.execute("SET VARIABLE slice_openings = ?", [openings])
    (last,) = session.execute(_LAST).fetchall()[0]
    start = min(since, last or since)
    session.execute("SET VARIABLE slice_start = ?", [start - _WATCHED if watched else start])
