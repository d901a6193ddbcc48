"""Where alerts go from here: no clock, no storage; values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from .alert import Alert, describe_finding, name_alert
from .book import AlertBook
from .finding import Finding
from .rule import AlertRule

_NOT_KNOWN = "nothing is known of it any more"


@dataclass(frozen=True, slots=True)
class Step:
    """Hold what a look at the figures made of the alerts."""

    book: AlertBook
    fired: tuple[Alert, ...] = ()
    resolved: tuple[Alert, ...] = ()


def advance(book: AlertBook, rules: Iterable[AlertRule], findings: Iterable[Finding], now: datetime) -> Step:
    """Return the book after all findings of one moment; those older than what it knows change nothing.

    An alert of a rule that found nothing in its place is as good as over, and one of which it is not known stays as
    it is. One without a rule is over at once.
    """
    if book.is_newer_than(now):
        return Step(book)
    found = {name_alert(one.rule, one.measurement.place): one for one in findings}
    cut = {one.rule.name for one in found.values() if one.measurement.cut}
    known = {rule.name: rule for rule in rules}
    before = {one.id: one for one in book.current}
    moved = [_move(one, known.get(one.rule), found.get(one.id), now, cut) for one in book.current]
    begun = [_begin(id_, one, now) for id_, one in found.items() if id_ not in before and one.verdict == "beyond"]
    after = [one for one in (*moved, *begun) if one is not None]
    fired = tuple(one for one in after if one.active and not (one.id in before and before[one.id].active))
    resolved = tuple(one for one in after if one.state == "resolved")
    current = tuple(one for one in after if one.state != "resolved")
    return Step(AlertBook(current, (*book.past, *resolved), now), fired, resolved)


def acknowledge(alert: Alert, now: datetime, *, by: str, note: str = "") -> Alert:
    """Return a firing alert that somebody has taken up; one that somebody has is as it was."""
    if alert.state != "firing":
        return alert
    return replace(alert, state="acknowledged", acknowledged_at=now, acknowledged_by=by, note=note)


def _begin(alert_id: str, finding: Finding, now: datetime) -> Alert:
    alert = Alert(**{**describe_finding(finding), "id": alert_id, "state": "pending", "since": now})
    return _fire_if_due(alert, finding.rule, now)


def _move(alert: Alert, rule: AlertRule | None, finding: Finding | None, now: datetime, cut: set[str]) -> Alert | None:
    if rule is None:
        return _resolve(alert, now, "its rule is no longer there") if alert.active else None
    verdict = finding.verdict if finding else "unknown" if rule.name in cut else "clear"
    if finding and finding.measurement.value is not None:
        alert = replace(alert, **describe_finding(finding))
    none = finding is None and verdict == "clear" and rule.kind.unit == ""
    if none:
        alert = replace(alert, value=0, cases=0, low=None, high=None)
    if not alert.active and verdict != "unknown":
        return _fire_if_due(alert, rule, now) if verdict == "beyond" else None
    if verdict != "clear":  # nor is a pending one, of which nothing is known, forgotten
        return replace(alert, clear_since=None)
    return _end_if_due(alert, rule, now, finding.reason if finding else "" if none else _NOT_KNOWN)


def _fire_if_due(alert: Alert, rule: AlertRule, now: datetime) -> Alert:
    since = min(alert.since, now)  # a wrong clock may have written it
    if now - since < rule.for_at_least:
        return replace(alert, since=since)
    return replace(alert, state="firing", fired_at=now)


def _end_if_due(alert: Alert, rule: AlertRule, now: datetime, reason: str) -> Alert:
    since = min(alert.clear_since or now, now)
    if now - since < rule.clear_after:
        return replace(alert, clear_since=since)
    return _resolve(alert, now, reason)


def _resolve(alert: Alert, now: datetime, reason: str) -> Alert:
    return replace(alert, state="resolved", resolved_at=now, clear_since=None, reason=reason)
