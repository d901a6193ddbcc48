"""The bulk path: a whole table of failures into the history at once, past the inbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import UsageError
from .answers import note_failures
from .inbox import Inbox
from .merging import count_fresh, settle, write_history
from .summarising import SUMMARISED
from .tables import JSON_COLUMNS, TABLES
from .tallies import ATTEMPT_WINDOW
from .times import to_naive_utc, utc_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DEFAULTS = {
    "id": "CAST(uuidv7() AS VARCHAR)",
    "occurred_at": "$now",
    "tags": "'[]'",
    "attempt": "1",
    "cancelled": "FALSE",
    "metadata": "'{}'",
    "failing_tests": "'[]'",
    "recorded_at": "$now",
}
_SHORTENED = "left(text, 1000) || chr(10) || '[...]' || chr(10) || right(text, 3000)"
"""At most 16 KB, whatever its characters."""
_RECENT = """
SELECT id, fingerprint, operation, operation_id, attempt,
    nullif(
        concat_ws(chr(10), coalesce(repository, ''), coalesce(branch, ''), coalesce(job, operation, operation_id, '')),
        chr(10) || chr(10)
    ),
    commit_id, '', coalesce(source = 'import', FALSE), occurred_at
FROM fresh_failures WHERE occurred_at > $since
"""


def add_frame(inbox: Inbox, path: Path, frame: Any, *, wait: float, now: Callable[[], datetime]) -> int:
    """Insert the rows of a frame and return how many were new; durable when this returns, all of it or nothing.

    Raises UsageError for columns that failures do not have, and when ``text`` is missing.
    """
    with write_history(inbox, path, wait=wait) as session:
        session.register("incoming", frame)
        session.execute("BEGIN")
        recent, present = stage_frame(session, to_naive_utc(now()))
        (count,) = session.execute("SELECT count(*) FROM fresh_failures").fetchall()[0]
        for table in present:
            session.execute(f"INSERT INTO {table} BY NAME SELECT * FROM fresh_{table} ON CONFLICT DO NOTHING")
        changes = count_fresh(session, present)
        session.execute("COMMIT")
        settle(inbox, changes, ())
        with inbox.hold_alone() as connection:
            note_failures(connection, recent)
    return int(count)


def stage_frame(session: DuckDBPyConnection, now: datetime) -> tuple[Sequence[tuple[Any, ...]], tuple[str, ...]]:
    """Make the tables ``fresh_*`` of the frame ``incoming`` for the history in use, which has the new rows only.

    Return the failures of the last day, and the tables that rows go to.
    """
    given = {name: kind for name, kind, *_ in session.execute("DESCRIBE incoming").fetchall()}
    check_columns(list(given))
    columns = ", ".join(_column(name, kind, given) for name, kind in TABLES["failures"].items())
    success = "TRY_CAST(success AS BOOLEAN)" if "success" in given else "CAST(NULL AS BOOLEAN)"
    session.execute(
        f"CREATE TEMPORARY TABLE staged AS SELECT {columns}, {success} AS success FROM incoming "
        "WHERE trim(coalesce(text, '')) <> ''",
        {"now": now},
    )
    session.execute("DELETE FROM staged WHERE rowid NOT IN (SELECT min(rowid) FROM staged GROUP BY id)")
    session.execute("DELETE FROM staged WHERE id IN (SELECT id FROM failures)")
    for table in SUMMARISED:
        session.execute(f"CREATE TEMPORARY TABLE fresh_{table} AS SELECT * FROM {table} LIMIT 0")
    session.execute("INSERT INTO fresh_failures BY NAME SELECT * EXCLUDE (success) FROM staged")
    session.execute(
        "INSERT INTO fresh_resolutions BY NAME SELECT id || ':resolution' AS id, id AS failure_id, success, "
        "occurred_at AS resolved_at, recorded_at FROM staged WHERE success IS NOT NULL"
    )
    session.execute("DROP TABLE staged")
    found = session.execute(_RECENT, {"since": now - ATTEMPT_WINDOW}).fetchall()
    recent = [(*row, utc_text(time)) for *row, time in found]
    return recent, ("failures", "resolutions") if "success" in given else ("failures",)


def check_columns(given: Sequence[str]) -> None:
    """Raise UsageError for columns that failures do not have, and where ``text`` is missing."""
    known = [*TABLES["failures"], "success"]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise UsageError(f"failures have no column {', '.join(unknown)}; they have {', '.join(known)}")
    if "text" not in given:
        raise UsageError(f"the column 'text' is missing; there are {', '.join(given)}")


def _column(name: str, kind: str, given: Mapping[str, str]) -> str:
    default = _DEFAULTS.get(name, "NULL")
    if name not in given:
        return f"CAST({default} AS {kind}) AS {name}"
    value = f"CASE WHEN strlen(text) > 16000 THEN {_SHORTENED} ELSE text END" if name == "text" else name
    if name in JSON_COLUMNS:
        value = f"CASE WHEN json_valid({name}) THEN {name} END" if given[name] == "VARCHAR" else f"to_json({name})"
    return f"coalesce(TRY_CAST({value} AS {kind}), CAST({default} AS {kind})) AS {name}"
