"""What is noted of channels in the inbox: limits, topics, and when the next message may go."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.types import Severity
from .lane import Lane
from .mail_keeper import MailBox
from .topic_memory import TopicMemory

_LANE, _TOPIC, _PAUSE = "lane", "topic", "pause"
_DAMAGE = (KeyError, OverflowError, TypeError, ValueError)
"""What reading a damaged note raises; it is then taken for none, since a channel must not stop for it."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Say when a channel may be used next, and how often it failed in a row; seconds since 1970."""

    until: float = 0.0
    failures: int = 0


def read_lane(box: MailBox, channel: str, priority: Severity) -> Lane:
    """Return the limit of a channel and priority."""
    try:
        return Lane.from_note(priority, box.read_note(_LANE, channel, priority))
    except _DAMAGE:
        return Lane(priority)


def write_lane(box: MailBox, channel: str, lane: Lane, now: float) -> None:
    """Keep the limit."""
    box.write_note(_LANE, channel, lane.priority, lane.to_note(), now)


def read_topic(box: MailBox, channel: str, topic: str) -> TopicMemory | None:
    """Return what a channel was told of a topic; None where it never heard of it."""
    try:
        return TopicMemory.from_note(box.read_note(_TOPIC, channel, topic))
    except _DAMAGE:
        return None


def write_topic(box: MailBox, channel: str, topic: str, memory: TopicMemory, now: float) -> None:
    """Keep what a channel was told."""
    box.write_note(_TOPIC, channel, topic, memory.to_note(), now)


def read_pause(box: MailBox, channel: str) -> Pause:
    """Return when a channel may be used next."""
    note = box.read_note(_PAUSE, channel, "")
    try:
        return Pause(float(note["until"]), int(note["failures"])) if note else Pause()
    except _DAMAGE:
        return Pause()


def write_pause(box: MailBox, channel: str, pause: Pause, now: float) -> None:
    """Keep when a channel may be used next."""
    box.write_note(_PAUSE, channel, "", {"until": pause.until, "failures": pause.failures}, now)
