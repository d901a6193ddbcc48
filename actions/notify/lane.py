"""The rate limit of one channel and priority: when messages went, and whether one more may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core.types import Severity
from .clock_faults import is_recent
from .notice_rules import NoticeRules

UNLIMITED: Severity = "critical"
_NOW_AND_EVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Lane:
    """Hold when messages of one channel and priority were begun; a later round of attempts counts again."""

    priority: Severity
    sent: tuple[float, ...] = ()

    @classmethod
    def from_note(cls, priority: Severity, note: Mapping[str, Any] | None) -> Lane:
        """Return what ``to_note`` wrote."""
        return cls(priority, tuple(float(moment) for moment in (note or {}).get("sent", ())))

    def to_note(self) -> dict[str, Any]:
        """Return it for the inbox."""
        return {"sent": list(self.sent)}

    def has_room(self, now: float, rules: NoticeRules, *, waiting: int = 0) -> bool:
        """Tell whether one more message may go beside ``waiting`` ones; one place is kept for a digest."""
        return self._free_at(now, rules, keep=1 + waiting) <= now

    def free_at(self, now: float, rules: NoticeRules) -> float:
        """Return when a digest, or a message that is tried again, may go at the earliest."""
        return self._free_at(now, rules, keep=0)

    def note(self, now: float, rules: NoticeRules) -> Lane:
        """Return the lane with one more message that goes now."""
        return Lane(self.priority, (*self._list_recent(now, rules), now))

    def _free_at(self, now: float, rules: NoticeRules, *, keep: int) -> float:
        """Return when fewer than the limit less ``keep`` messages are within the window."""
        if rules.limit is None or self.priority == UNLIMITED:
            return _NOW_AND_EVER
        room = rules.limit - keep
        if room <= 0:
            return float("inf")
        recent = self._list_recent(now, rules)
        return recent[-room] + rules.window if len(recent) >= room else _NOW_AND_EVER

    def _list_recent(self, now: float, rules: NoticeRules) -> list[float]:
        return sorted(moment for moment in self.sent if is_recent(moment, now, rules.window))
