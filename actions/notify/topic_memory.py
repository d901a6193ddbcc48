"""What a channel was told of one topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ...core.types import Severity
from .clock_faults import is_recent
from .notice_rules import NoticeRules


@dataclass(frozen=True, slots=True)
class TopicMemory:
    """Remember how a topic stands; times in seconds since 1970."""

    failing: bool = True
    """Whether the last notice was of a failure, not of its end."""
    told_at: float | None = None
    """When a message that tells it was begun last."""
    priority: Severity = "low"
    """Of the last failure."""
    changes: tuple[float, ...] = ()
    """When it went from failing to resolved or back."""
    reference: str | None = None
    """What the channel called its last message."""

    @classmethod
    def from_note(cls, note: Mapping[str, Any] | None) -> TopicMemory | None:
        """Return what ``to_note`` wrote; None where there is nothing: the topic is new to the channel."""
        if note is None:
            return None
        known = {item.name: note[item.name] for item in fields(cls) if item.name in note}
        return cls(**{**known, "changes": tuple(map(float, known.get("changes", ())))})

    def to_note(self) -> dict[str, Any]:
        """Return it for the inbox."""
        return asdict(self)

    def change_to(self, now: float, rules: NoticeRules, *, failing: bool) -> TopicMemory:
        """Return what is remembered after a failure, or its end."""
        if failing == self.failing:
            return self
        recent = tuple(moment for moment in self.changes if is_recent(moment, now, rules.flap_window))
        return replace(self, failing=failing, changes=(*recent, now))

    def flaps(self, now: float, rules: NoticeRules) -> bool:
        """Tell whether it changes so often that single changes say little."""
        return sum(is_recent(moment, now, rules.flap_window) for moment in self.changes) >= rules.flap_changes
