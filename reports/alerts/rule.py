"""A rule: what is watched, where, and from when on people are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from ...core.errors import UsageError
from ...core.suggesting import join_names, suggest_name
from ...core.types import Severity
from .kinds import KINDS, AlertKind

Dimension = Literal["environment", "component", "repository", "operation"]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Hold a rule with all its values."""

    name: str
    kind: AlertKind
    threshold: float
    clear: float
    """The number at which it is over; between both it stays as it is."""
    minimum: int
    window: timedelta
    for_at_least: timedelta
    clear_after: timedelta
    severity: Severity
    channels: tuple[str, ...] = ()
    """Channels that are told; all without any."""
    by: Dimension | None = None
    """What is told apart, each with an alert of its own; None: the whole store is one."""
    only: tuple[str, ...] = ()
    """Names in ``by`` that are watched; all without any."""

    @property
    def above(self) -> bool:
        """Whether it is bad to be above the threshold."""
        return self.kind.direction == "above"


def make_rule(name: str, kind: str | None = None, **given: Any) -> AlertRule:
    """Return the rule of a name; what is None is as usual for its kind, by default the one of that name.

    Times in ``given`` are in seconds. Raises UsageError for what makes no sense.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"alerts.rules: {name[:60]!r} is no name; take up to 40 of a-z, 0-9 and _")
    found = _find_kind(name, kind or name)
    values = _fill_in(found, given)
    values |= {key: timedelta(seconds=values[key]) for key in ("window", "for_at_least", "clear_after")}
    rule = AlertRule(name, found, **values)
    _check(rule)
    return rule


def _fill_in(kind: AlertKind, given: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in given.items() if value is not None}
    usual = {
        key: getattr(kind, key) for key in ("threshold", "minimum", "severity", "window", "for_at_least", "clear_after")
    }
    values = {**usual, **said}
    return {"clear": kind.find_clear(values["threshold"]), **values}


def _find_kind(rule: str, name: str) -> AlertKind:
    if name in KINDS:
        return KINDS[name]
    near = suggest_name(name, KINDS)
    if rule != name:
        raise UsageError(f"alerts.rules.{rule}.kind: there is none {name!r}{near}; there are {join_names(KINDS)}")
    raise UsageError(f"alerts.rules.{rule}: say its kind{near}; there are {join_names(KINDS)}")


def _check(rule: AlertRule) -> None:
    where = f"alerts.rules.{rule.name}"
    if rule.threshold <= 0:
        raise UsageError(f"{where}.threshold: must be above 0, not {rule.threshold:g}")
    if rule.kind.unit in ("share", "points") and rule.threshold >= 1:
        raise UsageError(f"{where}.threshold: a share is below 1, such as 0.1 for 10 %; not {rule.threshold:g}")
    if rule.clear < 0:
        raise UsageError(f"{where}.clear: must be at least 0, not {rule.clear:g}")
    if rule.kind.unit in ("share", "points") and rule.clear > 1:
        raise UsageError(f"{where}.clear: a share is at most 1, such as 0.95 for 95 %; not {rule.clear:g}")
    if (rule.clear >= rule.threshold) if rule.above else (rule.clear <= rule.threshold):
        side = "below" if rule.above else "above"
        raise UsageError(f"{where}.clear: must be {side} the threshold {rule.threshold:g}, not {rule.clear:g}")
    if rule.kind.name == "failure_spike" and rule.window > timedelta(days=1):
        raise UsageError(f"{where}.window: days are compared, so that it is at most one")
    if rule.only and rule.by is None:
        raise UsageError(f"{where}.only: say by what, such as by = 'environment'")
    if rule.by is not None and rule.kind.name == "breaker_trips" and rule.by != "operation":
        raise UsageError(f"{where}.by: breakers are known by operation only, not by {rule.by}")
