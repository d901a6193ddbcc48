"""Settings of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ...core.errors import UsageError
from ...core.types import Severity
from ...reports.alerts.kinds import KINDS
from ...reports.alerts.rule import AlertRule, Dimension, make_rule

_LONGEST = 30 * 86_400


class AlertRuleSettings(BaseModel):
    """One rule; what is not set is as usual for its kind, see ``docs/alerts.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    """Whether it is watched at all."""
    kind: str | None = None
    """What is watched; the kind that the rule is named after, without it."""
    threshold: float | None = Field(default=None, gt=0, le=1e9)
    """The number from which it is bad."""
    clear: float | None = Field(default=None, ge=0, le=1e9)
    """The number at which it is over; between both it stays as it is."""
    minimum: int | None = Field(default=None, ge=1, le=1_000_000)
    """Cases below which nothing is said."""
    window: float | None = Field(default=None, ge=60, le=_LONGEST)
    """Seconds that the number is about."""
    for_at_least: float | None = Field(default=None, ge=0, le=_LONGEST)
    """Seconds that it must hold before people are told."""
    clear_after: float | None = Field(default=None, ge=0, le=_LONGEST)
    """Seconds that it must be over before it is resolved."""
    severity: Severity | None = None
    """How urgent it is."""
    channels: tuple[str, ...] | None = None
    """Channels that are told; those of ``alerts.channels`` without any."""
    by: Dimension | None = None
    """What is told apart, each with an alert of its own; the whole store is one without it."""
    only: tuple[str, ...] | None = None
    """Names in ``by`` that are watched; all without any."""


class AlertSettings(BaseModel):
    """When people are told that something is wrong with many failures, not with one; see ``docs/alerts.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    """Whether rules are watched: by ``errclass serve``, ``errclass alerts check`` and ``AlertManager``."""
    interval: float = Field(default=60.0, ge=1, le=86_400)
    """Seconds between two looks of ``errclass serve``, or more where a look takes more than a tenth of that."""
    channels: tuple[str, ...] = ()
    """Channels that are told; all that are set up without any."""
    repeat: float = Field(default=0.0, ge=0, le=_LONGEST)
    """Seconds after which people are told again of what still fires, unless somebody has taken it up; 0: never."""
    keep_days: float = Field(default=30.0, ge=0, le=3650)
    """Days for which alerts that are over are kept, the newest 200."""
    rules: Mapping[str, AlertRuleSettings] = Field(default_factory=dict)
    """What differs for single rules, and rules of one's own, by name: ``alerts.rules.high_mttr.threshold``."""

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        try:
            self.list_rules()
        except UsageError as error:
            raise ValueError(str(error)) from error
        return self

    def list_rules(self) -> tuple[AlertRule, ...]:
        """Return the rules that are watched: one of each kind, as far as it is not switched off, and one's own."""
        said = {**dict.fromkeys(KINDS, AlertRuleSettings()), **self.rules}
        made = {name: self._make(name, one) for name, one in said.items()}
        return tuple(made[name] for name, one in said.items() if one.enabled)

    def _make(self, name: str, one: AlertRuleSettings) -> AlertRule:
        given = one.model_dump(exclude={"enabled", "channels"})
        return make_rule(name, **given, channels=self.channels if one.channels is None else one.channels)
