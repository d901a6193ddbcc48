"""A slice of a store: what figures of a window rest on, copied out of tables that hold much more.

Marts are views over whole tables, so that a figure of one day would read and join years. In the schema ``sliced`` of
the session they are views over copies of the rows that can matter: what happened since the slice starts, whatever
belongs to that, and what tells whether an incident was open by then. There they answer, from ``since`` on, as over
everything; before it they do not. Long texts are not copied. What needs all of history, or texts, asks
``main.failures`` and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from .sql_files import load_sql
from .times import to_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMA: Final = "sliced"
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
_NARROW = ("narrow_failures", "narrow_attempts", "narrow_resolutions")
_TIME = ("decided_categories", "failures", "attempts", "resolutions")
_TOUCHED = ("touched_runs", "touched_failures", "touched_calls")
_EARLIER = ("last_successes", "earlier_failures", "earlier_calls")
_FURTHER = {"failures": "further_failures", "attempts": "further_calls", "resolutions": "further_reports"}
_LATER = ("decisions", "spoken_causes", "labels", "actions")
_DERIVED = ("all_labels", "standing_labels", "effective_labels", "latest_resolutions")
"""Views that are made from these tables."""


def cut_slice(session: DuckDBPyConnection, since: datetime, *, openings: bool) -> bool:
    """Make the tables of the slice that answers from ``since`` on, and tell whether it is less than everything.

    ``openings``: incidents that were open at ``since`` are to be known from their very beginning.
    """
    _start(session, to_naive_utc(since), openings)
    (share,) = session.execute(_SHARE).fetchall()[0]
    if share is None or share > _MOST:  # NULL without failures
        return False
    _make(session, _NARROW, "VIEW")
    _make(session, (*_TIME, *_TOUCHED))
    _add(session, "failures", "touched_failures")
    _add(session, "attempts", "touched_calls")
    _make(session, ("touched_reports",))
    _add(session, "resolutions", "touched_reports")
    _settle(session)
    _make(session, _LATER)
    for name in _DERIVED:
        session.execute(f"CREATE VIEW {SCHEMA}.{name} AS {load_sql(name)}")
    return True


def _settle(session: DuckDBPyConnection) -> None:
    """Add what tells whether places worked of which the slice of time does not tell it."""
    _make(session, ("unsettled_places",))
    if session.execute("SELECT 1 FROM unsettled_places LIMIT 1").fetchall():
        _make(session, (*_EARLIER, *_FURTHER.values()))
        for table, ids in _FURTHER.items():
            _add(session, table, ids)


def _start(session: DuckDBPyConnection, since: datetime, openings: bool) -> None:
    """Set where the slice starts; what is known last is in it also where the window lies after that."""
    session.execute("SET VARIABLE slice_since = ?", [since])
    session.execute("SET VARIABLE slice_openings = ?", [openings])
    (last,) = session.execute(_LAST).fetchall()[0]
    session.execute("SET VARIABLE slice_start = ?", [min(since, last or since) - _WATCHED])


def _make(session: DuckDBPyConnection, names: Iterable[str], kind: str = "TABLE") -> None:
    for name in names:
        session.execute(f"CREATE {kind} {SCHEMA}.{name} AS {load_sql(f'slice/{name}')}")


def _add(session: DuckDBPyConnection, table: str, ids: str) -> None:
    session.execute(f"INSERT INTO {SCHEMA}.{table} FROM narrow_{table} WHERE id IN (SELECT id FROM {ids})")
