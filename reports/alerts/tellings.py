"""What people are still to be told of alerts: it follows from the alerts alone, so that nothing is lost on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from .alert import Alert
from .book import AlertBook


@dataclass(frozen=True, slots=True)
class Telling:
    """Hold one thing that people are to be told."""

    alert: Alert
    kind: Literal["firing", "resolved"]

    @property
    def id(self) -> str:
        """The same for the same telling, whoever tells it: whoever queues it twice queues it once."""
        parts = (*self.alert.key, self.kind, str(self.alert.tellings))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    @property
    def again(self) -> bool:
        """Whether people know already that it fires."""
        return self.kind == "firing" and self.alert.told == "firing"


def list_tellings(book: AlertBook, now: datetime, repeat: timedelta | None) -> Iterator[Telling]:
    """Yield what is to be told, the ends of old alerts first.

    That an alert fires is told again after ``repeat``, unless somebody has taken it up. The end of one of which nobody
    heard is not told.
    """
    for alert in book.past:
        if alert.told == "firing":
            yield Telling(alert, "resolved")
    for alert in book.current:
        if alert.state == "firing" and (alert.told is None or _is_due(alert, now, repeat)):
            yield Telling(alert, "firing")


def mark_told(book: AlertBook, telling: Telling, now: datetime) -> AlertBook:
    """Return the book in which a telling is noted; one that somebody else has noted changes nothing."""
    found = next((one for one in (*book.current, *book.past) if one.key == telling.alert.key), None)
    if found is None or found.tellings != telling.alert.tellings:
        return book
    return book.replace(replace(found, told=telling.kind, told_at=now, tellings=found.tellings + 1))


def _is_due(alert: Alert, now: datetime, repeat: timedelta | None) -> bool:
    if repeat is None or alert.told_at is None:
        return False
    return now - alert.told_at >= repeat
