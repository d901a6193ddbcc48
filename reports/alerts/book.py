"""All alerts of a store, those that are over included, as they are kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from .alert import Alert, read_moment

_log = logging.getLogger("errclass")
MOST_PAST: Final = 200
"""Alerts that are over and kept at most, the newest."""
_FAULTS = (AttributeError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class AlertBook:
    """Hold alerts: those that are pending or fire, by id, and those that are over, oldest first."""

    current: tuple[Alert, ...] = ()
    past: tuple[Alert, ...] = ()
    checked_at: datetime | None = None
    """The moment of the newest figures that these alerts know."""

    def find(self, alert_id: str) -> Alert | None:
        """Return the current alert with an id."""
        return next((one for one in self.current if one.id == alert_id), None)

    def list_all(self) -> tuple[Alert, ...]:
        """Return all alerts: the current ones, newest first, then those that are over, likewise."""
        current = sorted(self.current, key=lambda one: one.fired_at or one.since, reverse=True)
        return (*current, *reversed(self.past))

    def replace(self, alert: Alert) -> Self:
        """Return the book with another state of an alert; one that it does not know changes nothing."""

        def swap(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
            return tuple(alert if one.key == alert.key else one for one in alerts)

        return type(self)(swap(self.current), swap(self.past), self.checked_at)

    def forget_before(self, moment: datetime) -> Self:
        """Return the book without what was over before a moment, and with the newest 200 of what is over.

        Ends that people are still to be told of stay, any number of them.
        """
        settled = [one for one in self.past if one.told != "firing" and (one.resolved_at or moment) >= moment]
        newest = {one.key for one in settled[-MOST_PAST:]}
        kept = tuple(one for one in self.past if one.told == "firing" or one.key in newest)
        return type(self)(self.current, kept, self.checked_at)

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {
            "current": [one.to_dict() for one in self.current],
            "past": [one.to_dict() for one in self.past],
            "checked_at": self.checked_at.isoformat() if self.checked_at else None,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any] | None) -> Self:
        """Return the book of ``to_dict``; an alert that is damaged is left out, and begins anew."""
        values = values or {}
        checked_at = values.get("checked_at")
        try:
            moment = read_moment(checked_at) if checked_at else None
        except _FAULTS:
            moment = None
        return cls(tuple(_read(values.get("current"))), tuple(_read(values.get("past"))), moment)

    def is_newer_than(self, now: datetime) -> bool:
        """Tell whether it knows newer figures; from much later they come from a wrong clock, and count for nothing."""
        return self.checked_at is not None and now < self.checked_at <= now + _MOST_AHEAD


_MOST_AHEAD = timedelta(minutes=10)


def _read(documents: Any) -> Iterator[Alert]:
    for document in documents if isinstance(documents, list) else ():
        try:
            yield Alert.from_dict(document)
        except _FAULTS:
            _log.warning("errclass.alert_damaged: it is left out, and begins anew")
