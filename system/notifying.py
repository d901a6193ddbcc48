"""Notifications as the settings have them: their channels, over the outcome store, with every end recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from ..actions.notify import (
    Maintenance,
    Notice,
    NoticeKind,
    NoticeRules,
    NotificationSystem,
    Settled,
    make_channel,
)
from ..core.errors import ErrclassError, StoreError
from ..core.frozen import FrozenDict
from ..core.happenings import Message, MessageStatus
from ..core.mail import MailDelivery, MailEntry
from ..core.types import Decision
from ..outcomes import Store
from .settings import NotificationSettings, Settings

_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class Notifying:
    """Hold the system and what is wrong with channels that are set up but cannot be used."""

    system: NotificationSystem
    faults: tuple[str, ...] = ()


def make_notifications(settings: Settings, store: Store) -> Notifying:
    """Return the notification system of the settings, not started; a channel that cannot be made is left out.

    Where notifications are switched off it has no channel.
    """
    wanted = settings.notifications
    system = NotificationSystem(
        store, rules=_make_rules(wanted), acting=settings.acting, listener=_make_recorder(store)
    )
    faults = []
    for name, values in (wanted.channels if settings.enable.notifications else {}).items():
        try:
            system.register_channel(make_channel(name, values))
        except ErrclassError as error:
            faults.append(str(error))
            _log.warning("errclass.channel_left_out: %s", error)
    return Notifying(system, tuple(faults))


def make_notice(
    decision: Decision,
    *,
    what: str | None = None,
    kind: NoticeKind = "failure",
    tried: tuple[str, ...] = (),
    next_step: str | None = None,
    link: str | None = None,
    failure_id: str | None = None,
) -> Notice:
    """Return the notice that tells a decision; ``what`` is one line, by default what failed and as what."""
    context, history = decision.context, decision.history
    return Notice(
        what=what or f"{context.operation or 'an operation'} failed: {decision.type}",
        kind=kind,
        priority=decision.priority,
        fingerprint=decision.fingerprint,
        type=decision.type,
        category=decision.category,
        severity=decision.severity,
        confidence=decision.confidence,
        operation=context.operation,
        environment=context.environment,
        repository=context.repository,
        branch=context.branch,
        commit=context.commit,
        evidence=decision.evidence,
        tried=tried,
        next_step=next_step or decision.suggested_action,
        count=max(1, history.seen) if history else 1,
        first_seen=history.first_seen if history else None,
        last_seen=history.last_seen if history else None,
        link=link,
        failure_id=failure_id,
        decision_id=decision.decision_id or None,
    )


def _make_rules(wanted: NotificationSettings) -> NoticeRules:
    return NoticeRules(
        limit=wanted.limit or None,
        window=wanted.window,
        digest_every=wanted.digest_every,
        repeat_window=wanted.repeat_window,
        maintenance=tuple(Maintenance(**dict(one)) for one in wanted.maintenance),
    )


def _make_recorder(store: Store) -> Callable[[Settled], None]:
    def record(settled: Settled) -> None:
        try:
            for entry in settled.entries:
                store.record_message(_to_message(settled.delivery, entry))
        except StoreError as error:  # what was sent was sent
            _log.warning("errclass.message_not_recorded: %s", error)

    return record


def _to_message(delivery: MailDelivery, entry: MailEntry) -> Message:
    status: MessageStatus = "failed" if entry.state == "dead" else "sent"
    document = {
        "notice": entry.notice_id,
        "what": entry.document.get("what"),
        "kind": entry.document.get("kind"),
        "delivery": delivery.id,
        "by_itself": entry.state == "sent",
        "waited_because": entry.reason or None,
        "attempts": delivery.attempts,
        "error": delivery.error or None,
    }
    return Message(
        id=f"{entry.id}:{status}",
        channel=entry.channel,
        priority=entry.priority,
        status=status,
        failure_id=entry.document.get("failure_id"),
        decision_id=entry.document.get("decision_id"),
        document=FrozenDict({key: value for key, value in document.items() if value is not None}),
    )
