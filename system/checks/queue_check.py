"""What waits: events to be merged, notifications to be sent, escalations for people."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

from ...actions.escalate import Escalation, find_breaches
from ...actions.notify import NotificationSystem
from ...core.clock import utc_now
from ...core.mail import MailEntry
from ...outcomes import Backlog, Store
from ..escalating import make_escalations
from ..settings import Settings
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely
from .store_view import view_store
from .words import count_things, tell_span

MERGE_WITHIN = timedelta(days=1)
MOST_WAITING = 100_000
SEND_WITHIN = 3600.0
"""Seconds after which a notification that is ready should have been tried."""
_ADVICE = "see what errclass doctor --only store says"


def check_queue(settings: Settings) -> Check:
    """Count what waits in the store to be merged, sent, and taken up by people."""
    return look_safely("queue", lambda: _look(settings), advice=_ADVICE)


def _look(settings: Settings) -> Check:
    with view_store(settings) as store:
        if store is None:
            return sum_up("queue", "nothing waits")
        backlog, now = store.read_backlog(), utc_now()
        mail = NotificationSystem(store)
        queued, dead = mail.get_statistics().queued, len(mail.list_dead_letters())
        active = make_escalations(settings, store=store).get_active_escalations()
        overdue = list_overdue(active, now)
        findings = [
            *_tell_events(backlog, now),
            *_tell_mail(store, dead, acting=settings.acting),
            *_tell_escalations(overdue),
        ]
    details = {
        "events": backlog.waiting,
        "parked": backlog.parked,
        "oldest_event": backlog.oldest,
        "notifications": queued,
        "dead_letters": dead,
        "escalations": len(active),
        "escalations_overdue": len(overdue),
    }
    return sum_up("queue", _describe(backlog, queued, len(active), now), findings, details)


def _describe(backlog: Backlog, queued: int, active: int, now: datetime) -> str:
    since = f" (the oldest of {tell_span(now - backlog.oldest)} ago)" if backlog.oldest else ""
    events = count_things(backlog.waiting, "event")
    return f"{events} to be merged{since}, {count_things(queued, 'notification')}, {count_things(active, 'escalation')}"


def _tell_events(backlog: Backlog, now: datetime) -> list[Finding]:
    findings = []
    if backlog.parked:
        said = f"{count_things(backlog.parked, 'event')} cannot be merged by this version"
        advice = "upgrade errclass, then run errclass outcomes merge; they are kept until then"
        findings.append(Finding("warning", said, advice))
    late = backlog.oldest is not None and now - backlog.oldest > MERGE_WITHIN
    if late or backlog.waiting - backlog.parked > MOST_WAITING:
        advice = "run errclass outcomes merge; nothing is lost meanwhile"
        findings.append(Finding("warning", "what waits to be merged is old or much", advice))
    return findings


def _tell_mail(store: Store, dead: int, *, acting: bool) -> list[Finding]:
    findings = []
    if dead:
        advice = "see errclass notifications list --dead, mend the channel, then errclass notifications resend --all"
        findings.append(Finding("warning", f"{count_things(dead, 'notification')} could not be delivered", advice))
    waits = _measure_wait(store)
    if acting and waits > SEND_WITHIN:
        said = f"a notification waits to be sent for {tell_span(timedelta(seconds=waits))}"
        findings.append(Finding("warning", said, "run errclass notifications send-due, or have a timer do so"))
    return findings


def _measure_wait(store: Store) -> float:
    """Return the seconds for which the oldest notification waits that nothing holds."""
    nothing: list[MailEntry] = []
    first = store.read_mail(lambda box: box.list_entries(states=("ready",), limit=1), absent=nothing)
    return time.time() - first[0].queued_at if first else 0.0


def list_overdue(active: tuple[Escalation, ...], now: datetime) -> list[Escalation]:
    """Return those that nobody took up or settled in time, told before or not."""
    return [one for one in active if find_breaches(replace(one, breaches=()), now)]


def _tell_escalations(overdue: list[Escalation]) -> list[Finding]:
    if not overdue:
        return []
    advice = "see errclass escalations list, then errclass escalations ack or resolve"
    return [Finding("warning", f"{count_things(len(overdue), 'escalation')} overdue", advice)]
