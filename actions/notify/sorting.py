"""Where a notice goes: at once, into a digest, on hold or nowhere. No clock, no storage: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...core.mail import EntryState
from .clock_faults import is_recent
from .notice import PRIORITIES, Notice
from .notice_rules import NoticeRules
from .topic_memory import TopicMemory


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Say what a channel is like at the moment in which a notice comes."""

    channel: str
    now: float
    """Seconds since 1970."""
    acting: bool = True
    """Whether anything may be sent."""
    room: bool = True
    """Whether the limit lets one more message through, those that are ready before it included."""
    failure_ready: bool = False
    """Whether the failure that this resolves goes next, by itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Say where an entry goes and why; ``due`` in seconds since 1970."""

    state: EntryState
    due: float
    reason: str = ""


def sort_notice(
    notice: Notice, memory: TopicMemory | None, around: Surroundings, rules: NoticeRules
) -> tuple[Place, TopicMemory | None]:
    """Return where a notice goes, and what is remembered of its topic; ``memory`` is None where it is new."""
    place = _place(notice, memory, around, rules)
    if notice.kind == "resolved":
        after = memory.change_to(around.now, rules, failing=False) if memory else None
    else:
        after = (memory or TopicMemory()).change_to(around.now, rules, failing=True)
        after = replace(after, priority=notice.priority)
    return _withhold(notice, place, around, rules), after


def _place(notice: Notice, memory: TopicMemory | None, around: Surroundings, rules: NoticeRules) -> Place:
    if notice.kind == "resolved":
        return _place_end(memory, around, rules)
    if memory is None:
        return _tell(around, rules)
    if not memory.failing:
        return _tell_change(memory, around, rules)
    if memory.told_at is None and not _is_more_urgent(notice, memory):
        return Place("gathered", around.now + rules.digest_every, "repeat")
    if _is_quiet(notice, memory, around, rules):
        return Place("gathered", (memory.told_at or around.now) + rules.repeat_window, "repeat")
    return _tell(around, rules)


def _place_end(memory: TopicMemory | None, around: Surroundings, rules: NoticeRules) -> Place:
    if memory is None or not memory.failing:
        return Place("dropped", around.now, "nobody was told that it failed")
    if memory.told_at is None and not around.failure_ready:
        return Place("gathered", around.now + rules.digest_every, "resolved before it was told")
    return _tell_change(memory, around, rules)


def _tell_change(memory: TopicMemory, around: Surroundings, rules: NoticeRules) -> Place:
    changed = memory.change_to(around.now, rules, failing=not memory.failing)
    if changed.flaps(around.now, rules):
        return Place("gathered", around.now + rules.repeat_window, "flapping")
    return _tell(around, rules)


def _tell(around: Surroundings, rules: NoticeRules) -> Place:
    if around.room:
        return Place("ready", around.now)
    return Place("gathered", around.now + rules.digest_every, "rate_limited")


def _withhold(notice: Notice, place: Place, around: Surroundings, rules: NoticeRules) -> Place:
    if place.state == "dropped":
        return place
    end = rules.find_maintenance(notice, around.channel, around.now)
    if end is not None:
        return Place("held", end, "maintenance")
    return place if around.acting else Place("held", 0.0, "acting is switched off")


def _is_quiet(notice: Notice, memory: TopicMemory, around: Surroundings, rules: NoticeRules) -> bool:
    told = memory.told_at
    recent = told is not None and is_recent(told, around.now, rules.repeat_window)
    return recent and not _is_more_urgent(notice, memory)


def _is_more_urgent(notice: Notice, memory: TopicMemory) -> bool:
    return PRIORITIES.index(notice.priority) < PRIORITIES.index(memory.priority)
