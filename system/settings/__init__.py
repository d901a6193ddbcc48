"""The settings: groups of values, the levels that they come from, and what is said when one is wrong."""

from __future__ import annotations

from .alerts import AlertRuleSettings, AlertSettings
from .breaker import BreakerSettings
from .codegen import CodegenSettings
from .decision import DecisionSettings
from .enable import EnableSettings
from .escalation import EscalationSettings
from .logs import LogSettings
from .notifications import MaintenanceSettings, NotificationSettings
from .outcomes import OutcomeSettings
from .promotion import PromotionSettings
from .reading import get_environment_config, load_settings
from .recovery import RecoverySettings
from .reporting import ReportSettings, ScheduleSettings
from .reset import ResetSettings
from .retry import RetrySettings
from .running import RunSettings
from .serving import ServeSettings
from .thresholds import ThresholdSettings
from .tree import Settings

__all__ = [
    "AlertRuleSettings",
    "AlertSettings",
    "BreakerSettings",
    "CodegenSettings",
    "DecisionSettings",
    "EnableSettings",
    "EscalationSettings",
    "LogSettings",
    "MaintenanceSettings",
    "NotificationSettings",
    "OutcomeSettings",
    "PromotionSettings",
    "RecoverySettings",
    "ReportSettings",
    "ResetSettings",
    "RetrySettings",
    "RunSettings",
    "ScheduleSettings",
    "ServeSettings",
    "Settings",
    "ThresholdSettings",
    "get_environment_config",
    "load_settings",
]
