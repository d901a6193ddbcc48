"""What there is to tell: one thing, or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal

from ...core.clock import utc_now
from ...core.ids import new_id
from ...core.jsonable import to_jsonable
from ...core.types import Severity

NoticeKind = Literal["failure", "resolved", "escalation", "recovery", "alert", "report", "test"]
KINDS: tuple[NoticeKind, ...] = ("failure", "resolved", "escalation", "recovery", "alert", "report", "test")
PRIORITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Most urgent first."""
TIMES = ("first_seen", "last_seen", "time")
"""Fields that are moments."""
_LISTS = ("evidence", "tried")


@dataclass(frozen=True, slots=True)
class Notice:
    """Say what failed, or was resolved, where, and what happens next."""

    what: str
    """One line: what failed."""
    kind: NoticeKind = "failure"
    priority: Severity = "medium"
    fingerprint: str | None = None
    """Notices of one fingerprint are about the same failure; without it a notice is about itself alone."""
    type: str | None = None
    category: str | None = None
    severity: Severity | None = None
    confidence: float | None = None
    """Probability that the type is right, 0 to 1."""
    operation: str | None = None
    environment: str | None = None
    repository: str | None = None
    branch: str | None = None
    commit: str | None = None
    evidence: tuple[str, ...] = ()
    """Lines of the log that show it."""
    tried: tuple[str, ...] = ()
    next_step: str | None = None
    """What happens next, or what to do."""
    count: int = 1
    """How often it was seen."""
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    link: str | None = None
    failure_id: str | None = None
    decision_id: str | None = None
    ends: NoticeKind = "failure"
    """For ``resolved``: of which kind the notice was that this is the end of."""
    id: str = field(default_factory=new_id)
    time: datetime = field(default_factory=utc_now)

    @property
    def topic(self) -> str:
        """What it is about: a failure, or an alert, and its resolution share theirs."""
        group = self.ends if self.kind == "resolved" else self.kind
        return f"{group}:{self.fingerprint or self.id}"

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Notice:
        """Return the notice of ``to_dict``; keys that this version does not know are left out."""
        known = {item.name for item in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        for name in TIMES:
            if kept.get(name):
                kept[name] = datetime.fromisoformat(kept[name])
        for name in _LISTS:
            kept[name] = tuple(kept.get(name) or ())
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """Say in one line what befell one topic."""

    what: str
    kind: NoticeKind
    """Of the last notice."""
    times: int
    """Notices since the topic was told last."""
    changes: int
    """How often it failed after it was resolved, or was resolved after it failed, among these."""
    priority: Severity
    first: datetime
    last: datetime
    type: str | None = None
    operation: str | None = None
    environment: str | None = None
    fingerprint: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """Tell many things in one message."""

    lines: tuple[DigestLine, ...]
    priority: Severity
    since: datetime
    until: datetime

    @property
    def total(self) -> int:
        """How many notices it stands for."""
        return sum(line.times for line in self.lines)

    def count_types(self) -> dict[str, int]:
        """Return how many notices there are of each type, most first."""
        counts: dict[str, int] = {}
        for line in self.lines:
            name = line.type or line.kind
            counts[name] = counts.get(name, 0) + line.times
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Digest:
        """Return the digest of ``to_dict``; keys that this version does not know are left out."""
        return cls(
            tuple(map(_read_line, values["lines"])), values["priority"], **_read_times(values, ("since", "until"))
        )


def read_moment(seconds: float) -> datetime:
    """Return the moment so many seconds after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def _read_line(values: Mapping[str, Any]) -> DigestLine:
    known = {item.name: values[item.name] for item in fields(DigestLine) if item.name in values}
    return DigestLine(**{**known, **_read_times(values, ("first", "last"))})


def _read_times(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(values[name]) for name in names}
