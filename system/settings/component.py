"""Settings that differ for one component."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from ..tree_file import flatten
from .breaker import BreakerSettings
from .decision import DecisionSettings
from .enable import EnableSettings
from .recovery import RecoverySettings
from .reset import ResetSettings
from .retry import RetrySettings
from .thresholds import ThresholdSettings

_OF_PROCESS = (
    "decision.kill_switch",
    "decision.rules",
    "enable.analytics",
    "enable.notifications",
    "enable.reporting",
    "enable.tracking",
    "recovery.by_environment",
    "recovery.recipes",
)
"""Keys that cannot differ between two failures of one process."""


class ComponentSettings(BaseModel):
    """What differs where the context names this component; each key lies over the user's own, and no other changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enable: EnableSettings = EnableSettings()
    retry: RetrySettings = RetrySettings()
    breaker: BreakerSettings = BreakerSettings()
    thresholds: ThresholdSettings = ThresholdSettings()
    decision: DecisionSettings = DecisionSettings()
    recovery: RecoverySettings = RecoverySettings()
    reset: ResetSettings = ResetSettings()

    @model_validator(mode="after")
    def _check_keys(self) -> Self:
        shared = sorted(flatten(self.model_dump(exclude_unset=True)).keys() & set(_OF_PROCESS))
        if shared:
            raise ValueError(f"{shared[0]} holds for all components; set it outside of the component")
        return self
