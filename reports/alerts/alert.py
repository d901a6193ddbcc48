"""An alert: what a rule found in one place, from the first sign to the end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable
from ...core.types import Severity
from ..sections import Unit
from .finding import Finding
from .rule import AlertRule

State = Literal["pending", "firing", "acknowledged", "resolved"]
STATES: Final[tuple[State, ...]] = ("pending", "firing", "acknowledged", "resolved")
ACTIVE: Final[tuple[State, ...]] = ("firing", "acknowledged")
_MOST_CHARS = 300
"""Of a stranger's text that is kept."""
_TIMES = ("since", "fired_at", "clear_since", "resolved_at", "acknowledged_at", "told_at")


@dataclass(frozen=True, slots=True)
class Alert:
    """Hold one alert; times are moments."""

    id: str
    """Follows from the rule and the labels: the same alert has the same id whenever it comes."""
    rule: str
    kind: str
    state: State
    severity: Severity
    since: datetime
    """Since when its number has been beyond the threshold."""
    labels: Mapping[str, str] = field(default_factory=FrozenDict)
    """Where it is, such as ``{"environment": "production"}``; empty for the whole store. Texts of strangers."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    cases: int = 0
    unit: Unit = ""
    threshold: float = 0.0
    window_seconds: float = 0.0
    details: tuple[str, ...] = ()
    """Lines that show it; texts of strangers."""
    failure_id: str | None = None
    fired_at: datetime | None = None
    clear_since: datetime | None = None
    """Since when it seems to be over, while it is not resolved."""
    resolved_at: datetime | None = None
    reason: str = ""
    """Why it was resolved, where not because its number is good again."""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    note: str = ""
    channels: tuple[str, ...] = ()
    told: Literal["firing", "resolved"] | None = None
    """What people were told last; None where they were told nothing."""
    told_at: datetime | None = None
    tellings: int = 0
    """How often they were told."""

    @property
    def active(self) -> bool:
        """Whether it fires, acknowledged or not."""
        return self.state in ACTIVE

    @property
    def key(self) -> tuple[str, str]:
        """What tells this time that it came from the other times."""
        return self.id, (self.fired_at or self.since).isoformat()

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the alert of ``to_dict``; keys that this version does not know are left out.

        Raises AttributeError, KeyError, TypeError or ValueError for what is damaged.
        """
        known = {item.name: values[item.name] for item in fields(cls) if item.name in values}
        for name in _TIMES:
            if name == "since" or known.get(name) is not None:
                known[name] = read_moment(known[name])
        for name in ("details", "channels"):
            known[name] = tuple(known.get(name) or ())
        return cls(**{**known, "labels": FrozenDict(known.get("labels") or {})})


def read_moment(text: str) -> datetime:
    """Return a moment that was kept; ValueError where it says no time zone, since it compares with none that does."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {text[:40]}")
    return moment


def name_alert(rule: AlertRule, place: str | None) -> str:
    """Return the id of the alert of a rule in a place: the rule's name, and a hash of the place where there is one."""
    if rule.by is None or place is None:
        return rule.name
    digest = hashlib.sha256(f"{rule.by}\0{place}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{rule.name}-{digest[:10]}"


def describe_finding(finding: Finding) -> dict[str, Any]:
    """Return the fields of an alert that a finding says."""
    rule, found = finding.rule, finding.measurement
    labels: dict[str, str] = {} if rule.by is None or found.place is None else {rule.by: found.place[:_MOST_CHARS]}
    return {
        "rule": rule.name,
        "kind": rule.kind.name,
        "severity": rule.severity,
        "labels": FrozenDict(labels),
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "cases": found.cases,
        "unit": rule.kind.unit,
        "threshold": rule.threshold,
        "window_seconds": rule.window / timedelta(seconds=1),
        "details": tuple(line[:_MOST_CHARS] for line in found.details),
        "failure_id": found.failure_id,
        "channels": rule.channels,
    }
