"""What is noted of channels in the inbox: limits, topics, and when the next message may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ...core.types import Severity
from .clock_faults import bound_wait, has_been
from .lane import Lane
from .mail_keeper import MailBox
from .topic_memory import TopicMemory

_LANE, _TOPIC, _PAUSE = "lane", "topic", "pause"
LONGEST_PAUSE = 3600.0
"""Seconds that a channel may be asked to wait."""
_DAMAGE = (KeyError, OverflowError, TypeError, ValueError)
"""What reading a damaged note raises; it is then taken for none, since a channel must not stop for it."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Say when a channel may be used next, and how often it failed in a row; seconds since 1970."""

    until: float = 0.0
    failures: int = 0
    since: float = 0.0
    """When it was noted."""

    def free_at(self, now: float) -> float:
        """Return when the channel may be used."""
        return bound_wait(self.until, now, LONGEST_PAUSE) if has_been(self.since, now) else now


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
        return _parse_pause(note) if note else Pause()
    except _DAMAGE:
        return Pause()


def write_pause(box: MailBox, channel: str, pause: Pause, now: float) -> None:
    """Keep when a channel may be used next."""
    box.write_note(_PAUSE, channel, "", asdict(pause), now)


def _parse_pause(note: Mapping[str, Any]) -> Pause:
    return Pause(float(note["until"]), int(note["failures"]), float(note.get("since", 0.0)))
