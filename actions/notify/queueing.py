"""Put a notice among those that wait for a channel, in the transaction that the caller holds."""

from __future__ import annotations

from dataclasses import replace

from ...core.ids import new_id
from ...core.mail import MailEntry
from .lane import Lane
from .mail_keeper import MailBox
from .notes import read_lane, read_topic, write_topic
from .notice import Notice
from .notice_rules import NoticeRules
from .preparing import shorten_notice
from .sorting import Surroundings, sort_notice
from .topic_memory import TopicMemory


def queue_notice(
    box: MailBox, notice: Notice, channel: str, now: float, rules: NoticeRules, *, acting: bool, batches: bool
) -> MailEntry:
    """Sort a notice in and return its entry; one that is on its way already is left as it is."""
    known = box.list_entries(channel=channel, notice_id=notice.id, limit=1)
    if known:
        return known[0]
    memory = read_topic(box, channel, notice.topic)
    notice = _follow_failure(notice, memory)
    around = _look_around(box, notice, channel, now, rules, acting=acting)
    place, after = sort_notice(notice, memory, around, rules)
    brief = batches and place.reason in ("repeat", "flapping")
    entry = MailEntry(
        id=new_id(),
        notice_id=notice.id,
        channel=channel,
        priority=notice.priority,
        topic=notice.topic,
        document=(shorten_notice(notice) if brief else notice).to_dict(),
        queued_at=now,
        state=place.state,
        reason=place.reason,
        due=place.due,
        ended_at=now if place.state == "dropped" else None,
    )
    box.add_entry(entry)
    if after is not None:
        write_topic(box, channel, notice.topic, after, now)
    return entry


def _follow_failure(notice: Notice, memory: TopicMemory | None) -> Notice:
    """Return the end of a failure with the failure's priority, so that it cannot overtake it."""
    return replace(notice, priority=memory.priority) if notice.kind == "resolved" and memory else notice


def _look_around(
    box: MailBox, notice: Notice, channel: str, now: float, rules: NoticeRules, *, acting: bool
) -> Surroundings:
    priority = notice.priority
    lane: Lane = read_lane(box, channel, priority)
    waiting = box.count_entries(channel, priority, "ready")
    return Surroundings(
        channel,
        now,
        acting=acting,
        room=lane.has_room(now, rules, waiting=waiting),
        failure_ready=notice.kind == "resolved" and bool(box.count_entries(channel, priority, "ready", notice.topic)),
    )
