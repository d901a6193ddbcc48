"""What decisions ask for, kept in the inbox's file: answered in a millisecond, whoever holds the history.

The counts of merged events are copies of the history's summaries, those of waiting events are taken from the events.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..core.clock import utc_now
from ..core.frozen import FrozenDict
from .event import Event
from .marks import CallBefore, Marks, RecentFailure
from .summarising import SUMMARIES
from .tallies import ATTEMPT_WINDOW, INCIDENT_WINDOW, Question, Tallies, Tally, add_waiting
from .times import to_naive_utc, utc_text

Rows = Sequence[tuple[Any, ...]]

_EVENT = (
    "INSERT OR IGNORE INTO events (kind, id, payload, fingerprint, happened_at, recovery, rerun_passed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_FAILURE = (
    "INSERT OR IGNORE INTO recent_failures (id, fingerprint, operation, operation_id, attempt, job, commit_id, "
    "failing_tests, imported, occurred_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_RESOLVED = "UPDATE recent_failures SET success = ?, resolved_at = ? WHERE id = ? AND coalesce(resolved_at, '') <= ?"
_SUCCEEDED = (
    "INSERT INTO operation_successes VALUES (?, ?) "
    "ON CONFLICT (operation) DO UPDATE SET succeeded_at = max(succeeded_at, excluded.succeeded_at)"
)
_CAUSE_BY_ID = "SELECT fingerprint FROM recent_failures WHERE id = ?"
_CALL = "operation_id = :operation_id AND attempt = :attempt AND coalesce(operation, '') = coalesce(:operation, '')"
# A changed commit is no unchanged re-run; one that nobody named may be any.
_CAUSE_BY_CALL = (
    f"SELECT fingerprint FROM recent_failures WHERE {_CALL} "
    "AND coalesce(commit_id, :commit_id, '') = coalesce(:commit_id, commit_id, '')"
)
_TALLY = (
    "SELECT seen, first_seen, last_seen, retries, retry_successes, recovered, recovery_seconds "
    "FROM summaries WHERE scope = ? AND name = ?"
)
_RECOVERIES = "SELECT recovery, tries, successes FROM recovery_summaries WHERE scope = ? AND name = ?"
_WAITING = "SELECT count(*), min(happened_at), max(happened_at) FROM events WHERE fingerprint = ? AND kind = 'outcome'"
_WAITING_RERUNS = (
    "SELECT recovery, count(*), sum(rerun_passed) FROM events "
    "WHERE fingerprint = ? AND rerun_passed IS NOT NULL GROUP BY recovery"
)
_FAILED_ATTEMPTS = """
SELECT count(*) FROM recent_failures
WHERE fingerprint = :fingerprint AND operation IS :operation AND NOT imported AND success IS NOT 1
    AND occurred_at > max(
        :since,
        coalesce((
            SELECT max(resolved_at) FROM recent_failures
            WHERE operation IS :operation AND success = 1 AND NOT imported
        ), ''),
        coalesce((SELECT succeeded_at FROM operation_successes WHERE operation = coalesce(:operation, '')), '')
    )
"""
_JOBS = "SELECT count(DISTINCT job) FROM recent_failures WHERE fingerprint = ? AND NOT imported AND occurred_at > ?"
_FLAKY = "SELECT 1 FROM test_summaries WHERE test = ? AND flaky_commits > 0"


def note_events(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Write events with what they add to the answers; those that wait already are left as they are."""
    ready = list(events)
    failures = (event.marks.failure for event in ready)
    # First, so that the re-runs among the events find what they followed.
    note_failures(connection, ((*failure.to_row(), failure.time) for failure in failures if failure is not None))
    connection.executemany(_EVENT, [_event_row(connection, event) for event in ready])
    for marks in (event.marks for event in ready):
        if marks.resolves is not None:
            values = (int(marks.resolves), marks.happened_at, marks.follows, marks.happened_at)
            connection.execute(_RESOLVED, values)
        if marks.succeeded is not None:
            connection.execute(_SUCCEEDED, (marks.succeeded, marks.happened_at))


def note_failures(connection: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Note recent failures, in the order of the table's columns; those that are known are left as they are."""
    connection.executemany(_FAILURE, rows)


def find_failure(connection: sqlite3.Connection, call: CallBefore) -> RecentFailure | None:
    """Return the recent failure of one call of a run; None when it is not known or was merged over a day ago."""
    query = (
        "SELECT id, fingerprint, operation, operation_id, attempt, job, commit_id, failing_tests, imported, "
        f"occurred_at FROM recent_failures WHERE {_CALL}"
    )
    row = connection.execute(query, _call_values(call)).fetchone()
    if row is None:
        return None
    identifier, fingerprint, operation, run, number, job, commit, tests, imported, time = row
    names = tuple(tests.split("\n")) if tests else ()
    return RecentFailure(
        identifier, fingerprint, operation, run, number, job, commit, names, imported=bool(imported), time=time
    )


def look_up(connection: sqlite3.Connection, question: Question) -> Tallies:
    """Answer a question from the summaries and from what waits; wider groups than the fingerprint know merged ones."""
    groups: dict[str, Tally] = {}
    for scope, name in question.names().items():
        tally = _read_tally(connection, scope, name)
        groups[scope] = _add_waiting(connection, name, tally) if scope == "fingerprint" else tally
    flaky = tuple(test for test in question.failing_tests if connection.execute(_FLAKY, (test,)).fetchone())
    return Tallies(FrozenDict(groups), *_count_recent(connection, question), flaky)


def copy_summaries(connection: sqlite3.Connection, rows: Mapping[str, Rows], *, whole: bool) -> None:
    """Take over rows of the history's summaries; ``whole`` replaces all that was there."""
    for table in SUMMARIES:
        found = rows.get(table, ())
        if whole:
            connection.execute(f"DELETE FROM {table}")
        if found:
            marks = ", ".join("?" * len(found[0]))
            values = [tuple(map(_to_sqlite, row)) for row in found]
            connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)


def note_successes(connection: sqlite3.Connection, rows: Iterable[tuple[str | None, datetime]]) -> None:
    """Note when operations succeeded last, as the history tells it."""
    now = to_naive_utc(utc_now())  # a clock that was ahead must not end the count of failed attempts for ever
    connection.executemany(_SUCCEEDED, [(operation or "", utc_text(min(time, now))) for operation, time in rows])


def forget_old(connection: sqlite3.Connection, moment: datetime) -> None:
    """Drop failures that no question reaches back to any more."""
    connection.execute("DELETE FROM recent_failures WHERE occurred_at < ?", (utc_text(moment - ATTEMPT_WINDOW),))


def read_copy(connection: sqlite3.Connection) -> tuple[str, int] | None:
    """Return which history the summaries are copies of and after how many merges; None before the first."""
    row = connection.execute("SELECT store_id, merges FROM copied_history").fetchone()
    return (row[0], row[1]) if row else None


def write_copy(connection: sqlite3.Connection, store_id: str, merges: int) -> None:
    """Say which history the summaries are copies of."""
    connection.execute("DELETE FROM copied_history")
    connection.execute("INSERT INTO copied_history VALUES (?, ?)", (store_id, merges))


def _event_row(connection: sqlite3.Connection, event: Event) -> tuple[Any, ...]:
    marks = event.marks
    cause = marks.fingerprint or _find_cause(connection, marks)
    passed = None if marks.rerun_passed is None else int(marks.rerun_passed)
    return event.kind, event.id, event.payload, cause, marks.happened_at, marks.recovery, passed


def _find_cause(connection: sqlite3.Connection, marks: Marks) -> str | None:
    """Return the fingerprint of the failure that a re-run followed; None when it is not a recent one."""
    if marks.rerun_passed is None:
        return None
    if marks.follows is not None:
        row = connection.execute(_CAUSE_BY_ID, (marks.follows,)).fetchone()
    elif marks.follows_call is not None:
        row = connection.execute(_CAUSE_BY_CALL, _call_values(marks.follows_call)).fetchone()
    else:
        return None
    return row[0] if row else None


def _call_values(call: CallBefore) -> dict[str, Any]:
    return {
        "operation_id": call.operation_id,
        "attempt": call.attempt,
        "operation": call.operation,
        "commit_id": call.commit,
    }


def _read_tally(connection: sqlite3.Connection, scope: str, name: str) -> Tally:
    recoveries = {
        recovery: (tries, successes)
        for recovery, tries, successes in connection.execute(_RECOVERIES, (scope, name)).fetchall()
    }
    row = connection.execute(_TALLY, (scope, name)).fetchone()
    if row is None:
        return Tally(recoveries=FrozenDict(recoveries))
    seen, first, last, retries, successes, recovered, seconds = row
    return Tally(seen, _to_time(first), _to_time(last), retries, successes, recovered, seconds, FrozenDict(recoveries))


def _add_waiting(connection: sqlite3.Connection, fingerprint: str, tally: Tally) -> Tally:
    seen, first, last = connection.execute(_WAITING, (fingerprint,)).fetchone()
    reruns = {
        recovery: (count, passed) for recovery, count, passed in connection.execute(_WAITING_RERUNS, (fingerprint,))
    }
    return add_waiting(tally, seen, _to_time(first), _to_time(last), reruns)


def _count_recent(connection: sqlite3.Connection, question: Question) -> tuple[int, int]:
    """Return failed attempts of the same operation, and jobs with the same cause."""
    if question.fingerprint is None:
        return 0, 0
    values = {
        "fingerprint": question.fingerprint,
        "operation": question.operation,
        "since": utc_text(question.moment - ATTEMPT_WINDOW),
    }
    (attempts,) = connection.execute(_FAILED_ATTEMPTS, values).fetchone()
    since = utc_text(question.moment - INCIDENT_WINDOW)
    (jobs,) = connection.execute(_JOBS, (question.fingerprint, since)).fetchone()
    return attempts, jobs


def _to_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _to_sqlite(value: Any) -> Any:
    return utc_text(value) if isinstance(value, datetime) else value
