"""Choose what a channel sends next, and lease it, in the transaction that the caller holds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile

from ...core.ids import new_id
from ...core.mail import MailDelivery, MailEntry
from ...core.types import Severity
from .clock_faults import bound_wait, has_been
from .composing import Composed, compose_digest, compose_notice, compose_topic, merge_counts
from .lane import Lane
from .mail_keeper import MailBox
from .notes import LONGEST_PAUSE, Pause, read_lane, read_pause, read_topic, write_lane, write_pause, write_topic
from .notice import PRIORITIES
from .notice_checks import parse_notice
from .notice_rules import NoticeRules
from .topic_memory import TopicMemory

LEASE = 90.0
"""Seconds for which a delivery is its sender's; then whoever comes first may send it again.

More than the 33 that sending takes at most and the 30 that a locked store may keep its result from being written.
"""
_MOST_GATHERED = 20_000
_NEVER = float("inf")
_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class Sender:
    """Say who sends, through what kind of channel."""

    channel: str
    pace: float
    batches: bool
    holder: str
    """A name that no other sender has."""


@dataclass(frozen=True, slots=True)
class Idle:
    """Say that nothing is to be sent before a moment in seconds since 1970; infinity: nothing waits."""

    until: float
    faulty: bool = False
    """Whether that is since something went wrong, not since nothing is due."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """Hold what the choice for one priority needs."""

    box: MailBox
    sender: Sender
    lane: Lane
    now: float
    rules: NoticeRules

    @property
    def priority(self) -> Severity:
        return self.lane.priority


def claim_next(box: MailBox, sender: Sender, now: float, rules: NoticeRules) -> MailDelivery | Idle:
    """Lease the next delivery of a channel to its sender, most urgent first, or say until when there is none.

    What is about a topic of which a message is still leaving waits for that one: its end must not overtake a failure,
    and where one message is the answer to another, nobody else may be writing the first.
    """
    pause = read_pause(box, sender.channel)
    free = pause.free_at(now)
    if free > now:
        return Idle(free)
    box.release_held(sender.channel, now)
    waits = [box.first_due(sender.channel, priority, "held") for priority in PRIORITIES]
    until = min((wait for wait in waits if wait is not None), default=_NEVER)
    for priority in PRIORITIES:
        desk = _Desk(box, sender, read_lane(box, sender.channel, priority), now, rules)
        for choose in (_choose_again, _choose_ready, _choose_gathered):
            found = choose(desk)
            if isinstance(found, MailDelivery):
                return _lease(desk, found, pause)
            until = min(until, found.until)
    return Idle(until)


def _choose_again(desk: _Desk) -> MailDelivery | Idle:
    """Return a delivery that failed, or whose sender was not heard of again."""
    waiting = desk.box.list_deliveries(state="open", channel=desk.sender.channel, priority=desk.priority)
    if not waiting:
        return Idle(_NEVER)
    first = min(waiting, key=lambda one: _find_moment(one, desk.now))
    moment = max(_find_moment(first, desk.now), desk.lane.free_at(desk.now, desk.rules))
    return first if moment <= desk.now else Idle(moment)


def _find_moment(delivery: MailDelivery, now: float) -> float:
    """Return when a delivery may be tried: it is due then, and nobody's."""
    due = bound_wait(delivery.due, now, LONGEST_PAUSE) if has_been(delivery.created_at, now) else now
    return max(due, bound_wait(delivery.leased_until, now, LEASE))


def _choose_ready(desk: _Desk) -> MailDelivery | Idle:
    channel, priority, rules = desk.sender.channel, desk.priority, desk.rules
    ready = _find_ready(desk)
    if ready is None:
        return Idle(_NEVER)
    if not desk.lane.has_room(desk.now, rules):  # it had, when it was sorted; others went since
        desk.box.gather_ready(channel, priority, rules.digest_every, "rate_limited")
        return Idle(_NEVER)
    gathered = desk.box.list_entries(
        channel=channel,
        priority=priority,
        topic=ready.topic,
        states=("gathered",),
        limit=_MOST_GATHERED,
    )
    return _open(desk, compose_notice(ready, _pick_along(ready, _sift(desk, gathered))))


def _find_ready(desk: _Desk) -> MailEntry | None:
    channel, priority = desk.sender.channel, desk.priority
    while found := desk.box.list_entries(channel=channel, priority=priority, states=("ready",), limit=1, free=True):
        if _sift(desk, found):
            return found[0]
    return None


def _choose_gathered(desk: _Desk) -> MailDelivery | Idle:
    due = desk.box.first_due(desk.sender.channel, desk.priority, "gathered", free=True)
    if due is None:
        return Idle(_NEVER)
    longest = max(desk.rules.digest_every, desk.rules.repeat_window)
    moment = max(bound_wait(due, desk.now, longest), desk.lane.free_at(desk.now, desk.rules))
    if moment > desk.now:
        return Idle(moment)
    compose: Callable[[list[MailEntry]], Composed] = compose_digest if desk.sender.batches else compose_topic
    listed = desk.box.list_entries(
        channel=desk.sender.channel, priority=desk.priority, states=("gathered",), limit=_MOST_GATHERED, free=True
    )
    gathered = _sift(desk, listed)
    return _open(desk, compose(gathered)) if gathered else _choose_gathered(desk)


def _sift(desk: _Desk, entries: list[MailEntry]) -> list[MailEntry]:
    """Return those that can be read; each of the others becomes a dead letter, so that it keeps nobody waiting."""
    readable = {entry.id for entry in entries if parse_notice(entry.document) is not None}
    for entry in entries:
        if entry.id not in readable:
            _bury(desk, entry)
    return [entry for entry in entries if entry.id in readable]


def _bury(desk: _Desk, entry: MailEntry) -> None:
    dead = MailDelivery(
        new_id(),
        entry.channel,
        entry.priority,
        compose_notice(entry, ()).document,
        created_at=desk.now,
        state="dead",
        error="the notice is damaged in the inbox, or of a version that this one cannot read",
        ended_at=desk.now,
    )
    desk.box.save_delivery(dead)
    desk.box.move_entries([entry.id], "dead", delivery_id=dead.id, ended_at=desk.now)
    _log.warning("errclass.notification_failed: %s: %s", dead.channel, dead.error)


def _pick_along(ready: MailEntry, gathered: list[MailEntry]) -> list[MailEntry]:
    """Return what a message tells along: all before it, and the same after it until something else happened."""
    told = [one for one in gathered if one.queued_at <= ready.queued_at]
    later = (one for one in gathered if one.queued_at > ready.queued_at)
    return told + list(takewhile(lambda one: one.document["kind"] == ready.document["kind"], later))


def _open(desk: _Desk, composed: Composed) -> MailDelivery:
    composed = merge_counts(composed)
    delivery = MailDelivery(
        new_id(), desk.sender.channel, desk.priority, composed.document, created_at=desk.now, due=desk.now
    )
    desk.box.move_entries([entry.id for entry in composed.entries], "leaving", delivery_id=delivery.id)
    for topic in composed.topics:
        memory = read_topic(desk.box, desk.sender.channel, topic) or TopicMemory()
        write_topic(desk.box, desk.sender.channel, topic, replace(memory, told_at=desk.now), desk.now)
    return delivery


def _lease(desk: _Desk, delivery: MailDelivery, pause: Pause) -> MailDelivery:
    leased = replace(
        delivery,
        attempts=delivery.attempts + 1,
        leased_until=desk.now + LEASE,
        holder=desk.sender.holder,
        created_at=min(delivery.created_at, desk.now),  # of a clock that was ahead, it would void every wait to come
    )
    desk.box.save_delivery(leased)
    channel = desk.sender.channel
    write_lane(desk.box, channel, desk.lane.note(desk.now, desk.rules), desk.now)
    write_pause(desk.box, channel, replace(pause, until=desk.now + desk.sender.pace, since=desk.now), desk.now)
    return leased
