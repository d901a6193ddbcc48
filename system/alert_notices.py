"""Alerts as notices: what people are told of them."""

from __future__ import annotations

import logging

from ..actions.notify import Notice
from ..reports.alerts import Alert, Telling, describe_alert
from ..reports.alerts.words import describe_value
from ..reports.wording import write_span
from .notifying import Notifying
from .telling import send_notice

_log = logging.getLogger("errclass")
_PREFIX = "alert:"


def make_alert_notice(telling: Telling) -> Notice:
    """Return the notice of a telling; the same one each time. Texts of strangers in it are for channels to escape."""
    return _tell_end(telling) if telling.kind == "resolved" else _tell_fire(telling)


def make_test_notice(alert: Alert) -> Notice:
    """Return the notice that looks as one of an alert would, and says that it is none."""
    return Notice(
        f"this is no alert: {describe_alert(alert)}",
        kind="test",
        priority=alert.severity,
        type=alert.rule,
        next_step="nothing has to be done: somebody tried whether alerts arrive",
    )


def _tell_fire(telling: Telling) -> Notice:
    alert = telling.alert
    fired_at = alert.fired_at or alert.since
    still = "still: " if telling.again else ""
    return Notice(
        f"{still}{describe_alert(alert)}",
        kind="alert",
        priority=alert.severity,
        fingerprint=f"{_PREFIX}{alert.id}",
        type=alert.rule,
        severity=alert.severity,
        operation=alert.labels.get("operation"),
        environment=alert.labels.get("environment"),
        repository=alert.labels.get("repository"),
        evidence=alert.details,
        next_step=f"see errclass report; take it up with: errclass alerts ack {alert.id}",
        first_seen=alert.since,
        failure_id=alert.failure_id,
        ends="alert",
        id=telling.id,
        time=fired_at,
    )


def _tell_end(telling: Telling) -> Notice:
    alert = telling.alert
    started, ended = alert.fired_at or alert.since, alert.resolved_at or alert.since
    lasted = write_span((ended - started).total_seconds())
    why = alert.reason or f"it is {describe_value(alert)} now"
    return Notice(
        f"{describe_alert(alert)}: over after {lasted}; {why}",
        kind="resolved",
        priority=alert.severity,
        fingerprint=f"{_PREFIX}{alert.id}",
        type=alert.rule,
        operation=alert.labels.get("operation"),
        environment=alert.labels.get("environment"),
        repository=alert.labels.get("repository"),
        next_step="none",
        first_seen=alert.since,
        last_seen=ended,
        ends="alert",
        id=telling.id,
        time=ended,
    )


def queue_telling(notifying: Notifying, telling: Telling) -> bool:
    """Queue the notice of a telling, and tell whether it is safe; where nobody can be told it is not."""
    if not notifying.system.channels:
        return False
    receipt = send_notice(notifying, make_alert_notice(telling), telling.alert.channels)
    if receipt.error:
        _log.warning("errclass.alert_not_queued: %s: %s", telling.alert.id, receipt.error)
        return False
    # A store that is locked for long takes notices later, and whoever is killed meanwhile loses them.
    queued = notifying.system.get_receipt(receipt.notice_id).channels
    return set(receipt.channels) <= set(queued)
