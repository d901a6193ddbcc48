"""What decisions ask for, answered from indexed tables in one consistent look and one round trip.

The counterpart of ``outcomes/answers.py``, with the same meaning: counts of merged events come from the summaries,
those of waiting events from the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ...core.frozen import FrozenDict
from ..condition import Backlog
from ..marks import CallBefore, RecentFailure
from ..tallies import ATTEMPT_WINDOW, INCIDENT_WINDOW, Question, Tallies, Tally, add_waiting
from ..times import to_naive_utc, utc_text

if TYPE_CHECKING:
    from .driver import Connection

_TALLIES = """
SELECT scope, seen, first_seen, last_seen, retries, retry_successes, recovered, recovery_seconds
FROM summaries
WHERE (scope, name) IN (SELECT * FROM unnest(%(scopes)s::varchar[], %(names)s::varchar[]))
"""
_RECOVERIES = """
SELECT scope, recovery, tries, successes
FROM recovery_summaries
WHERE (scope, name) IN (SELECT * FROM unnest(%(scopes)s::varchar[], %(names)s::varchar[]))
"""
_WAITING = """
SELECT count(*), min(happened_at), max(happened_at)
FROM events
WHERE fingerprint = %(fingerprint)s AND kind = 'outcome'
"""
_WAITING_RERUNS = """
SELECT recovery, count(*), count(*) FILTER (WHERE rerun_passed)
FROM events
WHERE fingerprint = %(fingerprint)s AND rerun_passed IS NOT NULL
GROUP BY recovery
"""
_SAME_OPERATION = "(operation = %(operation)s OR operation IS NULL AND %(operation)s::varchar IS NULL)"
_FAILED_ATTEMPTS = f"""
SELECT count(*)
FROM recent_failures
WHERE fingerprint = %(fingerprint)s AND {_SAME_OPERATION} AND NOT imported AND success IS NOT TRUE
    AND occurred_at > greatest(
        %(day)s::timestamp,
        (SELECT max(resolved_at) FROM recent_failures WHERE {_SAME_OPERATION} AND success AND NOT imported),
        (SELECT succeeded_at FROM operation_successes WHERE operation = coalesce(%(operation)s::varchar, ''))
    )
"""
_JOBS = """
SELECT count(DISTINCT job)
FROM recent_failures
WHERE fingerprint = %(fingerprint)s AND NOT imported AND occurred_at > %(half_hour)s
"""
_FLAKY = "SELECT test FROM test_summaries WHERE test = ANY(%(tests)s::varchar[]) AND flaky_commits > 0"
_LOOKS = (_TALLIES, _RECOVERIES, _WAITING, _WAITING_RERUNS, _FAILED_ATTEMPTS, _JOBS, _FLAKY)
_FIND_FAILURE = """
SELECT
    id, fingerprint, operation, operation_id, attempt, job, commit_id, failing_tests, imported, occurred_at
FROM recent_failures
WHERE operation_id = %s AND attempt = %s AND coalesce(operation, '') = %s
LIMIT 1
"""
_HOLDS = """
SELECT EXISTS (SELECT 1 FROM events WHERE kind = 'outcome' AND id = %(id)s)
    OR EXISTS (SELECT 1 FROM failures WHERE id = %(id)s)
"""
_BACKLOG = "SELECT count(*), count(parked), min(happened_at) FILTER (WHERE parked IS NULL) FROM events"
_SIZE = """
SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = current_schema() AND relkind = 'r'
"""


def look_up(connection: Connection, question: Question) -> Tallies:
    """Answer a question from the summaries and from what waits; wider groups than the fingerprint know merged ones."""
    tallies, recoveries, waiting, reruns, attempts, jobs, flaky = _ask_all(connection, _to_values(question))
    groups = _read_tallies(question, tallies, recoveries)
    if question.fingerprint:
        ((seen, first, last),) = waiting
        by_recovery = {name: (tries, passed) for name, tries, passed in reruns}
        own = groups["fingerprint"]
        groups["fingerprint"] = add_waiting(own, seen, _to_aware(first), _to_aware(last), by_recovery)
    known = {test for (test,) in flaky}
    names = tuple(test for test in question.failing_tests if test in known)
    return Tallies(FrozenDict(groups), attempts[0][0], jobs[0][0], names)


def find_failure(connection: Connection, call: CallBefore) -> RecentFailure | None:
    """Return the recent failure of one call of a run; None when it is not known or was merged over a day ago."""
    row = connection.execute(_FIND_FAILURE, (call.operation_id, call.attempt, call.operation or "")).fetchone()
    if row is None:
        return None
    identifier, fingerprint, operation, run, number, job, commit, tests, imported, time = row
    names = tuple(tests.split("\n")) if tests else ()
    return RecentFailure(
        identifier, fingerprint, operation, run, number, job, commit, names, imported=imported, time=utc_text(time)
    )


def holds(connection: Connection, outcome_id: str) -> bool:
    """Tell whether an outcome waits or is merged."""
    return bool(_read_one(connection, _HOLDS, {"id": outcome_id}))


def count_waiting(connection: Connection) -> tuple[int, int]:
    """Return how many events are not merged yet, and how many of these cannot be."""
    row = connection.execute("SELECT count(*), count(parked) FROM events").fetchone()
    return (row[0], row[1]) if row else (0, 0)


def read_backlog(connection: Connection) -> Backlog:
    """Return what waits to be merged."""
    row = connection.execute(_BACKLOG).fetchone()
    return Backlog(row[0], row[1], _to_aware(row[2])) if row else Backlog()


def measure_size(connection: Connection) -> int:
    """Return what the tables take on the server's disk, indexes included."""
    return int(_read_one(connection, _SIZE, {}))


def _ask_all(connection: Connection, values: Mapping[str, Any]) -> list[list[tuple[Any, ...]]]:
    """Return the rows of each look, all at one moment: a merge in between would count events twice or not at all."""
    with connection.pipeline(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursors = [connection.execute(look.encode(), values) for look in _LOOKS]
    return [cursor.fetchall() for cursor in cursors]


def _to_values(question: Question) -> dict[str, Any]:
    names = question.names()
    return {
        "scopes": list(names),
        "names": list(names.values()),
        "fingerprint": question.fingerprint or None,
        "operation": question.operation,
        "day": to_naive_utc(question.moment - ATTEMPT_WINDOW),
        "half_hour": to_naive_utc(question.moment - INCIDENT_WINDOW),
        "tests": list(question.failing_tests),
    }


def _read_tallies(
    question: Question, tallies: Iterable[tuple[Any, ...]], recoveries: Iterable[tuple[Any, ...]]
) -> dict[str, Tally]:
    groups = dict.fromkeys(question.names(), Tally())
    for scope, seen, first, last, *counts in tallies:
        groups[scope] = Tally(seen, _to_aware(first), _to_aware(last), *counts)
    for scope, recipe, tries, successes in recoveries:
        known = groups[scope].recoveries
        groups[scope] = replace(groups[scope], recoveries=FrozenDict({**known, recipe: (tries, successes)}))
    return groups


def _read_one(connection: Connection, query: str, values: Mapping[str, Any]) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    return row[0] if row else None


def _to_aware(time: datetime | None) -> datetime | None:
    return time and time.replace(tzinfo=UTC)
