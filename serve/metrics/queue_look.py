"""What waits in the store: to be merged, sent, taken up; and the breakers that processes share."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from ...actions.breaker import State, read_shared_state
from ...actions.breaker.shared import KIND as BREAKER
from ...actions.escalate import TARGETS
from ...core.clock import utc_now
from ...core.errors import UsageError
from ...core.mail import WAITING, MailCount, MailEntry
from ...core.types import Severity
from ...outcomes import Store
from ...reports.alerts import ACTIVE, AlertBook
from ...system.alerting import AlertManager
from ...system.checks.queue_check import list_overdue
from ...system.escalating import make_escalations
from ...system.settings import Settings
from .known_values import choose
from .metric import Sample
from .readable_store import open_readable

_STATES = (*WAITING, "leaving", "dead")
_PRIORITIES: tuple[Severity, ...] = get_args(Severity)
_ALERT_STATES = ("pending", *ACTIVE)
_BREAKER_STATES: tuple[State, ...] = get_args(State)
_DAMAGED = "damaged"


def read_queues(settings: Settings) -> Iterator[Sample]:
    """Yield what waits; raises StoreError where the store cannot tell."""
    with open_readable(settings) as (store, condition):
        yield Sample("errclass_store_size_bytes", condition.size_bytes)
        if store is not None:
            yield from _read_inbox(store)
            yield from _read_notifications(store)
            yield from _read_escalations(settings, store)
            yield from _read_alerts(settings, store)
            yield from _read_breakers(store)


def _read_inbox(store: Store) -> Iterator[Sample]:
    backlog = store.read_backlog()
    yield Sample("errclass_inbox_events", backlog.waiting)
    yield Sample("errclass_inbox_parked_events", backlog.parked)
    if backlog.oldest is not None:
        yield Sample("errclass_inbox_oldest_timestamp_seconds", backlog.oldest.timestamp())


def _read_notifications(store: Store) -> Iterator[Sample]:
    rows, first = store.read_mail(
        lambda box: (box.count_states(), box.list_entries(states=("ready",), limit=1)),
        absent=(list[MailCount](), list[MailEntry]()),
    )
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counts[row.state, choose(row.priority, _PRIORITIES)] += row.entries
    for state in _STATES:
        for priority in _PRIORITIES:
            yield Sample("errclass_notifications", counts[state, priority], (state, priority))
    if first:
        yield Sample("errclass_notifications_oldest_timestamp_seconds", first[0].queued_at)


def _read_escalations(settings: Settings, store: Store) -> Iterator[Sample]:
    active = make_escalations(settings, store=store).get_active_escalations()
    counts = Counter((choose(one.target, TARGETS), choose(one.priority, _PRIORITIES)) for one in active)
    for target in TARGETS:
        for priority in _PRIORITIES:
            counts.setdefault((target, priority), 0)
    for labels, number in sorted(counts.items()):
        yield Sample("errclass_escalations_open", number, labels)
    yield Sample("errclass_escalations_overdue", len(list_overdue(active, utc_now())))


def _read_alerts(settings: Settings, store: Store) -> Iterator[Sample]:
    # What was left of them says nothing once nobody looks.
    book = AlertManager(settings, store=store).read_book() if settings.alerts.enabled else AlertBook()
    counts = Counter((one.state, choose(one.severity, _PRIORITIES)) for one in book.current)
    for state in _ALERT_STATES:
        for severity in _PRIORITIES:
            yield Sample("errclass_alerts", counts[state, severity], (state, severity))
    if book.checked_at is not None:
        yield Sample("errclass_alerts_checked_timestamp_seconds", book.checked_at.timestamp())


def _read_breakers(store: Store) -> Iterator[Sample]:
    counts = Counter(_read_state(document) for document in store.list_states(BREAKER).values())
    for state in (*_BREAKER_STATES, _DAMAGED):
        yield Sample("errclass_breakers", counts[state], (state,))


def _read_state(document: object) -> str:
    """Return the state; an open one whose time is over refuses nobody, and its next call is a trial."""
    try:
        found = read_shared_state(document, time.time())
    except UsageError:
        return _DAMAGED
    return "half_open" if found.state == "open" and not found.time_left else found.state
