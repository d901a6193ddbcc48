"""Write events, with what they add to the answers, in one transaction and one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..event import Event
from ..marks import CallBefore, RecentFailure

if TYPE_CHECKING:
    from .driver import Connection

_FAILURES = """
INSERT INTO recent_failures (
    id, fingerprint, operation, operation_id, attempt, job, commit_id, failing_tests, imported, occurred_at
)
SELECT * FROM unnest(
    %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::bigint[], %s::varchar[], %s::varchar[],
    %s::varchar[], %s::boolean[], %s::timestamp[]
)
ON CONFLICT DO NOTHING
"""
# A re-run is counted with the cause of the failure that it followed, where that is a recent one.
_EVENTS = """
INSERT INTO events (kind, id, payload, fingerprint, happened_at, recovery, rerun_passed)
SELECT
    kind, id, payload,
    coalesce(fingerprint, CASE WHEN rerun_passed IS NOT NULL THEN coalesce(
        (SELECT recent.fingerprint FROM recent_failures AS recent WHERE recent.id = given.follows),
        (
            SELECT recent.fingerprint FROM recent_failures AS recent
            WHERE recent.operation_id = given.follows_run AND recent.attempt = given.follows_attempt
                AND coalesce(recent.operation, '') = coalesce(given.follows_operation, '')
                AND coalesce(recent.commit_id, given.follows_commit, '')
                = coalesce(given.follows_commit, recent.commit_id, '')
            LIMIT 1
        )
    ) END),
    happened_at, recovery, rerun_passed
FROM unnest(
    %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::timestamp[], %s::varchar[], %s::boolean[],
    %s::varchar[], %s::varchar[], %s::bigint[], %s::varchar[], %s::varchar[]
) WITH ORDINALITY AS given (
    kind, id, payload, fingerprint, happened_at, recovery, rerun_passed,
    follows, follows_run, follows_attempt, follows_operation, follows_commit, place
)
ORDER BY place
ON CONFLICT DO NOTHING
"""
_RESOLVED = """
UPDATE recent_failures SET success = given.success, resolved_at = given.resolved_at
FROM unnest(%s::varchar[], %s::boolean[], %s::timestamp[]) AS given (id, success, resolved_at)
WHERE recent_failures.id = given.id
    AND (recent_failures.resolved_at IS NULL OR recent_failures.resolved_at <= given.resolved_at)
"""
_SUCCEEDED = """
INSERT INTO operation_successes SELECT * FROM unnest(%s::varchar[], %s::timestamp[])
ON CONFLICT (operation) DO UPDATE SET succeeded_at = greatest(operation_successes.succeeded_at, excluded.succeeded_at)
"""
Rows = Sequence[tuple[Any, ...]]


def write_events(connection: Connection, events: Sequence[Event]) -> None:
    """Write events; those that wait already are left as they are."""
    steps = (
        (_FAILURES, [_failure_row(event.marks.failure) for event in events if event.marks.failure]),
        (_EVENTS, [_event_row(event) for event in events]),
        (_RESOLVED, _list_resolved(events)),
        (_SUCCEEDED, _list_succeeded(events)),
    )
    with connection.pipeline(), connection.transaction():
        for statement, rows in steps:
            if rows:
                connection.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def note_failures(connection: Connection, rows: Rows) -> None:
    """Note recent failures that came past the events, in the order of the table's columns."""
    if rows:
        connection.execute(_FAILURES, [list(column) for column in zip(*rows, strict=True)])


def _failure_row(failure: RecentFailure) -> tuple[Any, ...]:
    return (*failure.to_row(), datetime.fromisoformat(failure.time))


def _event_row(event: Event) -> tuple[Any, ...]:
    marks = event.marks
    return (
        event.kind,
        event.id,
        event.payload,
        marks.fingerprint,
        _to_time(marks.happened_at),
        marks.recovery,
        marks.rerun_passed,
        marks.follows,
        *_call_columns(marks.follows_call),
    )


def _call_columns(call: CallBefore | None) -> tuple[Any, ...]:
    return (call.operation_id, call.attempt, call.operation, call.commit) if call else (None, None, None, None)


def _list_resolved(events: Sequence[Event]) -> Rows:
    """Return each resolved failure once, with what was said last; sorted, so that writers wait and do not clash."""
    last: dict[str, tuple[datetime, bool]] = {}
    for marks in (event.marks for event in events):
        if marks.resolves is not None and marks.follows is not None:
            time = datetime.fromisoformat(marks.happened_at or "")
            if marks.follows not in last or last[marks.follows][0] <= time:
                last[marks.follows] = (time, marks.resolves)
    return [(name, success, time) for name, (time, success) in sorted(last.items())]


def _list_succeeded(events: Sequence[Event]) -> Rows:
    latest: dict[str, datetime] = {}
    for marks in (event.marks for event in events):
        if marks.succeeded is not None:
            time = datetime.fromisoformat(marks.happened_at or "")
            latest[marks.succeeded] = max(time, latest.get(marks.succeeded, time))
    return sorted(latest.items())


def _to_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
