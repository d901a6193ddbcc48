"""Hand a failure on: to an agent, a person, or a reset."""

from __future__ import annotations

from .case import Case
from .escalation import Escalation, Status
from .handlers import Handler
from .keeper import EscalationKeeper
from .manager import EscalationManager
from .options import ManagerOptions
from .request import EscalationRequest
from .result import EscalationResult, HandlerResult, Refusal
from .service_levels import SERVICE_LEVELS, Breach, ServiceLevel, find_breaches
from .statistics import EscalationStatistics
from .targets import TARGETS

__all__ = [
    "SERVICE_LEVELS",
    "TARGETS",
    "Breach",
    "Case",
    "Escalation",
    "EscalationKeeper",
    "EscalationManager",
    "EscalationRequest",
    "EscalationResult",
    "EscalationStatistics",
    "Handler",
    "HandlerResult",
    "ManagerOptions",
    "Refusal",
    "ServiceLevel",
    "Status",
    "find_breaches",
]
