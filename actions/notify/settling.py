"""Write down what became of an attempt, in the transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...core.mail import EntryState, MailDelivery, MailEntry
from ..retry import Backoff
from .channel import Delivered
from .mail_keeper import MailBox
from .notes import LONGEST_PAUSE, Pause, read_pause, read_topic, write_pause, write_topic

MOST_ATTEMPTS = 10
"""Attempts after which a delivery is dead; with ``DELAYS``, after some three hours."""
DELAYS = Backoff(base=10.0, factor=3.0, cap=1800.0, jitter="equal")
"""Between two attempts of a delivery."""
_PAUSES = Backoff(base=1.0, cap=60.0, jitter="none")
"""After failures in a row, for the whole channel."""
_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class Settled:
    """Say which entries came to an end."""

    delivery: MailDelivery
    entries: tuple[MailEntry, ...] = ()


def settle_delivery(
    box: MailBox, leased: MailDelivery, delivered: Delivered, now: float, draw: Callable[[], float]
) -> Settled:
    """Keep the result of an attempt; a delivery that has ended meanwhile, or is somebody else's by now, stays so."""
    current = box.find_delivery(leased.id)
    if current is None or current.state != "open":
        return Settled(leased)
    if delivered.status == "sent":
        return _end(box, current, delivered, now)
    if current.holder != leased.holder:
        return Settled(current)
    failed = replace(current, error=delivered.detail, leased_until=0.0)
    if delivered.status == "refused" or failed.attempts >= MOST_ATTEMPTS:
        return _bury(box, failed, now)
    wait = DELAYS.delay(failed.attempts, draw=draw)
    asked = min(delivered.retry_after or 0.0, LONGEST_PAUSE)
    _pause(box, failed.channel, asked, now)
    waiting = replace(failed, due=now + max(wait, asked))
    box.save_delivery(waiting)
    return Settled(waiting)


def revive_delivery(box: MailBox, dead: MailDelivery, now: float) -> None:
    """Have a dead delivery tried again from the beginning, under its old key."""
    box.save_delivery(replace(dead, state="open", attempts=0, due=now, leased_until=0.0, ended_at=None))
    box.move_entries(_ids(_list_entries(box, dead)), "leaving", delivery_id=dead.id)


def _end(box: MailBox, delivery: MailDelivery, delivered: Delivered, now: float) -> Settled:
    ended = replace(delivery, state="sent", error="", leased_until=0.0, ended_at=now)
    box.save_delivery(ended)
    pause = read_pause(box, delivery.channel)
    if pause.failures:
        write_pause(box, delivery.channel, replace(pause, failures=0), now)
    topic = delivery.document.get("topic")
    memory = read_topic(box, delivery.channel, topic) if topic else None
    if memory and delivered.reference and delivered.reference != memory.reference:
        write_topic(box, delivery.channel, str(topic), replace(memory, reference=delivered.reference), now)
    return Settled(ended, _end_entries(box, ended, now))


def _end_entries(box: MailBox, delivery: MailDelivery, now: float) -> tuple[MailEntry, ...]:
    entries = _list_entries(box, delivery)
    primary = delivery.document.get("primary")
    ends: tuple[tuple[EntryState, list[MailEntry]], ...] = (
        ("sent", [entry for entry in entries if entry.id == primary]),
        ("named", [entry for entry in entries if entry.id != primary]),
    )
    for state, some in ends:
        box.move_entries(_ids(some), state, delivery_id=delivery.id, ended_at=now)
    return tuple(replace(entry, state=state, ended_at=now) for state, some in ends for entry in some)


def _bury(box: MailBox, delivery: MailDelivery, now: float) -> Settled:
    dead = replace(delivery, state="dead", ended_at=now)
    box.save_delivery(dead)
    entries = _list_entries(box, dead)
    box.move_entries(_ids(entries), "dead", delivery_id=dead.id, ended_at=now)
    return Settled(dead, tuple(replace(entry, state="dead", ended_at=now) for entry in entries))


def _pause(box: MailBox, channel: str, asked: float, now: float) -> None:
    """Leave a channel alone for a while: what failed for one message most likely fails for the next."""
    failures = read_pause(box, channel).failures + 1
    write_pause(box, channel, Pause(now + max(asked, _PAUSES.delay(failures)), failures, since=now), now)


def _list_entries(box: MailBox, delivery: MailDelivery) -> list[MailEntry]:
    return box.list_entries(delivery_id=delivery.id, limit=_MOST_ENTRIES)


def _ids(entries: list[MailEntry]) -> list[str]:
    return [entry.id for entry in entries]
