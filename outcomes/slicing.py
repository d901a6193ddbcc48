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

_EARLIER_BY = {Depth.INCIDENTS: timedelta(days=3), Depth.WATCHES: timedelta(days=14)}
"""How long before its window a slice starts: so that most operations are heard of by then, or as long as one counts as
watched; see ``observed_operations``."""
_STEP, _GROWTH = timedelta(days=28), 4
"""How far back a success is looked for at first, and how many times further each time that places are left."""
_MOST = 0.6
"""Share of the failures from which on copying them takes longer than it saves."""
_LAST = "SELECT max(ended_at) FROM main.attempts WHERE success AND source IS DISTINCT FROM 'import'"
"""A moment until which operations were certainly watched: rows that came later may be imported, or cancelled."""
_FIRST = """
SELECT min(moment) FROM (
    SELECT min(ended_at) AS moment FROM main.attempts UNION ALL SELECT min(resolved_at) FROM main.resolutions
) AS beginnings
"""
_SHARE = "SELECT count(*) FILTER (WHERE occurred_at >= slice_start()) / nullif(count(*), 0) FROM main.failures"
_SPOKEN = "CREATE TABLE IF NOT EXISTS main.all_spoken_causes AS FROM main.spoken_causes"
_NO_SUCCESS = "SELECT *, NULL::TIMESTAMP AS worked_at FROM unsettled_places LIMIT 0"
_NARROW = ("narrow_failures", "narrow_attempts", "narrow_resolutions")
_HAPPENED = ("failures", "attempts", "resolutions")
_TOUCHED = ("touched_runs", "touched_failures", "touched_calls")
_EARLIER = ("earlier_failures", "earlier_calls")
_FURTHER = {"failures": "further_failures", "attempts": "further_calls", "resolutions": "further_reports"}
_LATER = ("decisions", "labels", "actions")
_SAID = ("all_labels", "standing_labels")


def cut_slice(session: DuckDBPyConnection, schema: str, depth: Depth, since: datetime, *, openings: bool) -> bool:
    """Make the tables of the slice that answers from ``since`` on, and tell whether it is less than everything.

    ``schema``: an empty one that the session looks into first. ``openings``: incidents that were open at ``since`` are
    to be known from their very beginning.
    """
    cutting = _Cutting(session, schema)
    if not _start(session, to_naive_utc(since), _EARLIER_BY.get(depth), openings=openings):
        cutting.derive(("effective_labels",), "TABLE")
        return False
    session.execute(_SPOKEN)
    if depth <= Depth.ANSWERS:
        cutting.show_answers()
    else:
        cutting.copy_courses(settled=depth >= Depth.INCIDENTS)
    return True


class _Cutting:
    def __init__(self, session: DuckDBPyConnection, schema: str) -> None:
        self._session, self._schema = session, schema

    def make(self, names: Iterable[str], kind: str = "TABLE") -> None:
        for name in names:
            self._session.execute(f"CREATE {kind} {self._schema}.{name} AS {load_sql(f'slice/{name}')}")

    def derive(self, names: Iterable[str], kind: str = "VIEW") -> None:
        for name in names:
            self._session.execute(f"CREATE {kind} {self._schema}.{name} AS {load_sql(name)}")

    def show_answers(self) -> None:
        """Show failures of the time where they are: without old ones among them DuckDB skips most of each table."""
        start = self._session.execute("SELECT slice_start()").fetchall()[0][0]
        recent = f"FROM main.failures WHERE occurred_at >= TIMESTAMP '{start}'"
        self._session.execute(f"CREATE VIEW {self._schema}.failures AS {recent}")
        self.make(("decided_categories", "spoken_causes"))
        self.derive(_SAID)
        self.derive(("effective_labels",), "TABLE")

    def copy_courses(self, *, settled: bool) -> None:
        """Copy failures, calls and reports of the time, what belongs to them, and what was said and done about them."""
        self.make(_NARROW, "VIEW")
        self.make((*_HAPPENED, *_TOUCHED))
        self._add("failures", "touched_failures")
        self._add("attempts", "touched_calls")
        self.make(("touched_reports",))
        self._add("resolutions", "touched_reports")
        if settled:
            self._settle()
        self.make(("decided_categories", "spoken_causes", *_LATER))
        self.derive((*_SAID, "effective_labels", "latest_resolutions"))

    def _settle(self) -> None:
        """Add what tells whether places worked of which the slice of time does not tell it."""
        self.make(("unsettled_places",))
        if self._is_any("unsettled_places"):
            self._find_successes()
            self.make((*_EARLIER, *_FURTHER.values()))
            for table, ids in _FURTHER.items():
                self._add(table, ids)

    def _find_successes(self) -> None:
        """Find when each unsettled place worked: by its calls, further and further back, for most did not long ago.

        Reports are asked only about places where no call tells it, since that takes longer: any such moment will do.
        """
        self._session.execute(f"CREATE TABLE {self._schema}.last_successes AS {_NO_SUCCESS}")
        self.make(("sought_places",), "VIEW")
        (until, first) = self._session.execute(f"SELECT slice_start(), ({_FIRST})").fetchall()[0]
        end, step = until, _STEP
        while first is not None and first < end and self._is_any("sought_places"):
            self._add_successes("successful_calls", max(first, end - step), end)
            end, step = end - step, step * _GROWTH
        if first is not None and self._is_any("sought_places"):
            self._add_successes("successful_reports", first, until)
        self._session.execute("INSERT INTO last_successes SELECT *, '-infinity'::TIMESTAMP FROM sought_places")

    def _add_successes(self, query: str, since: datetime, until: datetime) -> None:
        span = {"since": since, "until": until}
        self._session.execute(f"INSERT INTO last_successes {load_sql(f'slice/{query}')}", span)

    def _is_any(self, table: str) -> bool:
        return bool(self._session.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())

    def _add(self, table: str, ids: str) -> None:
        self._session.execute(
            f"INSERT INTO {self._schema}.{table} FROM narrow_{table} WHERE id IN (SELECT id FROM {ids})"
        )


def _start(session: DuckDBPyConnection, since: datetime, earlier: timedelta | None, *, openings: bool) -> bool:
    """Set where the slice starts, and tell whether that leaves enough out.

    ``earlier``: by how much it begins before ``since``, where it tells whether operations worked. Then what is known
    last is in it, also where the window lies after that.
    """
    session.execute("SET VARIABLE slice_since = ?", [since])
    session.execute("SET VARIABLE slice_openings = ?", [openings])
    start = since
    if earlier is not None:
        (last,) = session.execute(_LAST).fetchall()[0]
        if last is None:
            return False
        start = min(since, last) - earlier
    session.execute("SET VARIABLE slice_start = ?", [start])
    (share,) = session.execute(_SHARE).fetchall()[0]
    return share is not None and share <= _MOST  # None without failures
